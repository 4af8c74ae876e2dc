"""Bodies of migrations, put together."""

from __future__ import annotations

from textwrap import dedent


def steps(*parts: str) -> str:
    """Returns pieces of code one after another, each with its own indentation taken away."""
    return "\n".join(dedent(part).strip("\n") for part in parts)


def batch(table: str, *lines: str) -> str:
    """Returns a batch with these operations."""
    return f'with op.batch_alter_table("{table}") as batch_op:\n' + "\n".join(
        f"    batch_op.{line}" for line in lines
    )


def retyped(table: str, column: str, old: str, new: str, **more: str) -> tuple[str, str]:
    """Returns a change of type and its opposite, both by `alter_column`."""
    rest = "".join(f", {name}={value}" for name, value in more.items())
    up = f'alter_column("{column}", type_={new}, existing_type={old}{rest})'
    down = f'alter_column("{column}", type_={old}, existing_type={new}{rest})'
    return batch(table, up), batch(table, down)
