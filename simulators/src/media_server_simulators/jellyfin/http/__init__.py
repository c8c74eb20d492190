"""How a request is read, admitted and answered, whatever it is about."""
