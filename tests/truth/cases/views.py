"""Views and materialized views."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
CREATE = 'op.execute("CREATE VIEW adults AS SELECT id, name FROM users WHERE age >= 18")'
WITH_VIEW = steps(USERS, CREATE)

CASES = [
    Case(
        "a view created and dropped",
        USERS,
        CREATE,
        'op.execute("DROP VIEW adults")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "a view is left",
        USERS,
        CREATE,
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=ALL,
        kinds=["view adults"],
    ),
    Case(
        "a dropped view comes back",
        WITH_VIEW,
        'op.execute("DROP VIEW adults")',
        CREATE,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "a dropped view does not come back",
        WITH_VIEW,
        'op.execute("DROP VIEW IF EXISTS adults")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=ALL,
        kinds=["view adults"],
    ),
    Case(
        "a view comes back with another condition",
        WITH_VIEW,
        'op.execute("DROP VIEW adults")',
        'op.execute("CREATE VIEW adults AS SELECT id, name FROM users WHERE age >= 21")',
        truth="broken",
        rows=USER_ROWS,
        databases=ALL,
        kinds=["view adults"],
    ),
    Case(
        "a replaced view is restored",
        WITH_VIEW,
        'op.execute("CREATE OR REPLACE VIEW adults AS SELECT id, name FROM users WHERE age >= 21")',
        'op.execute("CREATE OR REPLACE VIEW adults AS SELECT id, name FROM users WHERE age >= 18")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a replaced view is dropped instead of restored",
        WITH_VIEW,
        'op.execute("CREATE OR REPLACE VIEW adults AS SELECT id, name FROM users WHERE age >= 21")',
        'op.execute("DROP VIEW adults")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["view adults"],
    ),
    Case(
        "CREATE OR REPLACE cannot take a column away again",
        WITH_VIEW,
        'op.execute("CREATE OR REPLACE VIEW adults AS SELECT id, name, phone FROM users WHERE age >= 18")',
        'op.execute("CREATE OR REPLACE VIEW adults AS SELECT id, name FROM users WHERE age >= 18")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["view adults"],
        unseen=True,
    ),
    Case(
        "a view dropped and created anew to take a column away again",
        WITH_VIEW,
        'op.execute("CREATE OR REPLACE VIEW adults AS SELECT id, name, phone FROM users WHERE age >= 18")',
        """
        op.execute("DROP VIEW adults")
        op.execute("CREATE VIEW adults AS SELECT id, name FROM users WHERE age >= 18")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "the same view in another spelling",
        WITH_VIEW,
        'op.execute("DROP VIEW adults")',
        """
        op.execute(
            '''
            create view adults as          -- as it was
                select users.id, users.name
                from users
                where users.age >= 18;
            '''
        )
        """,
        truth="reversible",
        says="reversible plausible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a view dropped for a type change and created again both ways",
        WITH_VIEW,
        """
        op.execute("DROP VIEW adults")
        op.alter_column("users", "name", type_=sa.Text(), existing_type=sa.String(50))
        op.execute("CREATE VIEW adults AS SELECT id, name FROM users WHERE age >= 18")
        """,
        """
        op.execute("DROP VIEW adults")
        op.alter_column("users", "name", type_=sa.String(50), existing_type=sa.Text())
        op.execute("CREATE VIEW adults AS SELECT id, name FROM users WHERE age >= 18")
        """,
        truth="reversible",
        says="fragile",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "the column of a view cannot be dropped",
        steps(USERS, 'op.add_column("users", sa.Column("city", sa.String(20)))'),
        'op.execute("CREATE VIEW cities AS SELECT id, city FROM users")',
        """
        op.drop_column("users", "city")
        op.execute("DROP VIEW cities")
        """,
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.city"],
        databases=PG,
        unseen=True,
    ),
    Case(
        "DROP VIEW CASCADE takes a view of the view along",
        steps(WITH_VIEW, 'op.execute("CREATE VIEW adult_names AS SELECT name FROM adults")'),
        'op.execute("DROP VIEW adults CASCADE")',
        CREATE,
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["view adult_names"],
    ),
    Case(
        "a materialized view created and dropped",
        USERS,
        """
        op.execute("CREATE MATERIALIZED VIEW ages AS SELECT age, count(*) AS n FROM users GROUP BY age")
        op.create_index("ix_ages", "ages", ["age"])
        op.execute("REFRESH MATERIALIZED VIEW ages")
        """,
        'op.execute("DROP MATERIALIZED VIEW ages")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a materialized view comes back without its index",
        steps(
            USERS,
            """
            op.execute("CREATE MATERIALIZED VIEW ages AS SELECT age, count(*) AS n FROM users GROUP BY age")
            op.execute("CREATE UNIQUE INDEX ix_ages ON ages (age)")
            """,
        ),
        'op.execute("DROP MATERIALIZED VIEW ages")',
        'op.execute("CREATE MATERIALIZED VIEW ages AS SELECT age, count(*) AS n FROM users GROUP BY age")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["index ages.ix_ages"],
    ),
    Case(
        "a plain view comes back as a materialized one",
        WITH_VIEW,
        'op.execute("DROP VIEW adults")',
        'op.execute("CREATE MATERIALIZED VIEW adults AS SELECT id, name FROM users WHERE age >= 18")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["view adults"],
    ),
    Case(
        "a view renamed and back",
        WITH_VIEW,
        'op.execute("ALTER VIEW adults RENAME TO grown_ups")',
        'op.execute("ALTER VIEW grown_ups RENAME TO adults")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a view's query held by a constant of the file",
        USERS,
        """
        op.execute(f"CREATE VIEW {VIEW} AS {QUERY}")
        """,
        """
        op.execute(f"DROP VIEW {VIEW}")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
        module="""
        VIEW = "adults"
        QUERY = "SELECT id, name FROM users WHERE age >= 18"
        """,
    ),
    Case(
        "the table of a view renamed and back",
        WITH_VIEW,
        'op.rename_table("users", "people")',
        'op.rename_table("people", "users")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL, SQLITE),
    ),
    Case(
        "a view and its reader dropped by one statement",
        USERS,
        """
        op.execute("CREATE VIEW adults AS SELECT id, name FROM users WHERE age >= 18")
        op.execute("CREATE VIEW adult_names AS SELECT name FROM adults")
        """,
        'op.execute("DROP VIEW adults, adult_names")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
]
