"""The settings of a workspace: declared by the features that use them."""
