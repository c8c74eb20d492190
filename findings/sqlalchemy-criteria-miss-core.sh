#!/usr/bin/env bash
# Guess: a loader criterion that a session's event adds holds for every SELECT and UPDATE.
# It holds for statements made of the mapped class alone. The same statement made of the
# class's own table goes through the same session and event, and is not narrowed.
# Why it matters: a filter that a program relies on everywhere ends at its first Core query.
# SQLAlchemy 2.1.9, seen 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=$("$(dirname "$0")/python-with" "$folder" sqlalchemy==2.1.9)
"$python" - <<'PYTHON'
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.orm import with_loader_criteria


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str]


def only_ann(state):
    criterion = with_loader_criteria(Note, Note.owner == "ann")
    state.statement = state.statement.options(criterion)


print("SQLAlchemy", sa.__version__)
engine = sa.create_engine("sqlite://")
Base.metadata.create_all(engine)
table = Note.__table__
with Session(engine) as session:
    session.add_all([Note(owner="ann"), Note(owner="ben")])
    session.commit()
    sa.event.listen(session, "do_orm_execute", only_ann)
    seen = {
        "select(Note.owner)": session.scalars(sa.select(Note.owner)).all(),
        "select(table.c.owner)": session.scalars(sa.select(table.c.owner)).all(),
        "rows of update(Note)": session.execute(sa.update(Note).values(owner="ann")).rowcount,
        "rows of update(table)": session.execute(sa.update(table).values(owner="ann")).rowcount,
    }
for what, value in seen.items():
    print(f"{what}: {value}")
assert list(seen.values()) == [["ann"], ["ann", "ben"], 1, 2], "the behaviour has changed"
PYTHON
