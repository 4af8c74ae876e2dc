"""Statements that change more than they say: triggers, cascades, hidden writes, whole tables replaced."""

from tests.truth.case import MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import LINKED, ROLE_ROWS, ROLES, USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
SERVERS = (POSTGRESQL, MARIADB)
STAMPED = steps(
    USERS,
    '''
    op.add_column("users", sa.Column("changed", sa.String(20), server_default="long ago"))
    op.execute(
        """
        CREATE FUNCTION stamp() RETURNS trigger AS $$
        BEGIN NEW.changed := 'now'; RETURN NEW; END $$ LANGUAGE plpgsql
        """
    )
    op.execute("CREATE TRIGGER users_stamp BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION stamp()")
    ''',
)

CASES = [
    Case(
        "a backfill fires the trigger that stamps every row",
        STAMPED,
        """
        op.add_column("users", sa.Column("initial", sa.String(1)))
        op.execute("UPDATE users SET initial = substr(name, 1, 1)")
        """,
        'op.drop_column("users", "initial")',
        truth="lossy",
        says="lossy plausible unknown",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.changed"],
    ),
    Case(
        "a backfill touches ON UPDATE CURRENT_TIMESTAMP",
        '''
        op.execute(
            """
            CREATE TABLE notes (
                id INT PRIMARY KEY,
                body VARCHAR(20),
                changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
            )
            """
        )
        ''',
        """
        op.add_column("notes", sa.Column("size", sa.Integer()))
        op.execute("UPDATE notes SET size = length(body)")
        """,
        'op.drop_column("notes", "size")',
        truth="lossy",
        says="lossy plausible unknown",
        rows=["INSERT INTO notes VALUES (1, 'abc', '2001-01-01 00:00:00')"],
        databases=(MARIADB,),
        kinds=["column notes.changed"],
    ),
    Case(
        "an insert trigger writes to another table",
        steps(
            USERS,
            '''
            op.create_table("log", sa.Column("what", sa.String(200)))
            op.execute(
                """
                CREATE TRIGGER users_log AFTER INSERT ON users
                BEGIN INSERT INTO log (what) VALUES ('new ' || NEW.name); END
                """
            )
            ''',
        ),
        "op.execute(\"INSERT INTO users (id, name) VALUES (90, 'Zoe')\")",
        'op.execute("DELETE FROM users WHERE id = 90")',
        truth="lossy",
        says="lossy plausible unknown",
        rows=USER_ROWS,
        databases=(SQLITE,),
        kinds=["table log"],
    ),
    Case(
        "all parents deleted and fetched back from a backup, the children went with them",
        LINKED,
        """
        op.execute("CREATE TABLE roles_backup AS SELECT * FROM roles")
        op.execute("DELETE FROM roles")
        """,
        """
        op.execute("INSERT INTO roles (id, title) SELECT id, title FROM roles_backup")
        op.execute("DROP TABLE roles_backup")
        """,
        truth="lossy",
        says="lossy",
        rows=ROLE_ROWS,
        databases=SERVERS,
        kinds=["table members"],
    ),
    Case(
        "on SQLite the children stay, since foreign keys are not enforced",
        LINKED,
        """
        op.execute("CREATE TABLE roles_backup AS SELECT * FROM roles")
        op.execute("DELETE FROM roles")
        """,
        """
        op.execute("INSERT INTO roles (id, title) SELECT id, title FROM roles_backup")
        op.execute("DROP TABLE roles_backup")
        """,
        truth="reversible",
        says="reversible plausible lossy",
        rows=ROLE_ROWS,
        databases=(SQLITE,),
    ),
    Case(
        "EXPLAIN ANALYZE runs what it explains",
        USERS,
        'op.execute("EXPLAIN ANALYZE DELETE FROM users WHERE age < 18")',
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        databases=PG,
        kinds=["table users"],
    ),
    Case(
        "EXPLAIN alone runs nothing",
        USERS,
        'op.execute("EXPLAIN DELETE FROM users WHERE age < 18")',
        "pass",
        truth="reversible",
        says="reversible unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a SELECT over a WITH that deletes",
        USERS,
        """
        op.execute("WITH gone AS (DELETE FROM users WHERE age < 18 RETURNING id) SELECT count(*) FROM gone")
        """,
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        databases=PG,
        kinds=["table users"],
    ),
    Case(
        "PREPARE and EXECUTE",
        USERS,
        """
        op.execute("PREPARE wipe AS DELETE FROM users")
        op.execute("EXECUTE wipe")
        """,
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        databases=PG,
        kinds=["table users"],
    ),
    Case(
        "COPY FROM may read rows into the table",
        USERS,
        "op.execute(\"COPY users (id, name) FROM '/dev/null'\")",
        "pass",
        truth="reversible",
        says="lossy plausible unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a writing function among the columns of a query",
        steps(
            USERS,
            """
            op.execute(
                "CREATE FUNCTION wipe() RETURNS integer "
                "AS 'UPDATE users SET phone = NULL; SELECT 1' LANGUAGE sql"
            )
            """,
        ),
        'op.execute("SELECT id, wipe() FROM users WHERE id = 1")',
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a writing function in the SET of a harmless UPDATE",
        steps(
            USERS,
            """
            op.create_table("log", sa.Column("what", sa.Text()))
            op.execute(
                "CREATE FUNCTION noted(t text) RETURNS text AS 'DELETE FROM log; SELECT t' LANGUAGE sql"
            )
            """,
        ),
        """
        op.add_column("users", sa.Column("copy", sa.String(60)))
        op.execute("UPDATE users SET copy = noted(name)")
        """,
        'op.drop_column("users", "copy")',
        truth="lossy",
        says="lossy plausible unknown",
        rows=[*USER_ROWS, "INSERT INTO log VALUES ('precious')"],
        databases=PG,
    ),
    Case(
        "TRUNCATE of several tables",
        ROLES,
        'op.execute("TRUNCATE roles, members RESTART IDENTITY")',
        "pass",
        truth="lossy",
        rows=ROLE_ROWS,
        databases=PG,
        kinds=["table roles", "table members"],
    ),
    Case(
        "TRUNCATE CASCADE reaches the tables behind the tables",
        steps(
            LINKED,
            """
            op.create_table(
                "badges",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("member_id", sa.Integer(), sa.ForeignKey("members.id", name="fk_badges")),
            )
            """,
        ),
        'op.execute("TRUNCATE roles CASCADE")',
        "pass",
        truth="lossy",
        rows=[*ROLE_ROWS, "INSERT INTO badges VALUES (1, 1)"],
        databases=PG,
        kinds=["table roles", "table members", "table badges"],
    ),
    Case(
        "CREATE OR REPLACE TABLE replaces the old one",
        ROLES,
        """
        op.execute(
            "CREATE OR REPLACE TABLE roles "
            "(id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, title VARCHAR(30) NOT NULL)"
        )
        """,
        "pass",
        truth="lossy",
        says="lossy broken unknown",
        rows=ROLE_ROWS,
        databases=(MARIADB,),
        kinds=["table roles"],
    ),
    Case(
        "INSERT OR REPLACE overwrites an old row",
        ROLES,
        "op.execute(\"INSERT OR REPLACE INTO roles (id, title) VALUES (2, 'visitor')\")",
        "pass",
        truth="lossy",
        rows=ROLE_ROWS,
        databases=(SQLITE,),
        kinds=["column roles.title"],
    ),
    Case(
        "ON DUPLICATE KEY UPDATE overwrites an old row",
        ROLES,
        "op.execute(\"INSERT INTO roles (id, title) VALUES (2, 'x') ON DUPLICATE KEY UPDATE title = 'x'\")",
        'op.execute("DELETE FROM roles WHERE id = 2")',
        truth="lossy",
        says="lossy plausible",
        rows=ROLE_ROWS,
        databases=(MARIADB,),
        kinds=["table roles"],
    ),
    Case(
        "INSERT IGNORE kept an old row, which the downgrade deletes",
        ROLES,
        "op.execute(\"INSERT IGNORE INTO roles (id, title) VALUES (2, 'x')\")",
        'op.execute("DELETE FROM roles WHERE id = 2")',
        truth="lossy",
        says="lossy plausible",
        rows=ROLE_ROWS,
        databases=(MARIADB,),
        kinds=["table roles"],
    ),
    Case(
        "a DELETE over two tables",
        ROLES,
        "op.execute(\"DELETE m FROM members m JOIN roles r ON r.id = m.role_id WHERE r.title = 'guest'\")",
        "pass",
        truth="lossy",
        rows=ROLE_ROWS,
        databases=(MARIADB,),
        kinds=["table members"],
    ),
    Case(
        "an UPDATE over two tables",
        ROLES,
        """
        op.execute(
            "UPDATE members m JOIN roles r ON r.id = m.role_id SET m.email = r.title, r.title = 'x'"
        )
        """,
        "pass",
        truth="lossy",
        rows=ROLE_ROWS,
        databases=(MARIADB,),
        kinds=["column members.email", "column roles.title"],
    ),
    Case(
        "a view through which rows are changed",
        steps(USERS, 'op.execute("CREATE VIEW adults AS SELECT id, name, age FROM users WHERE age >= 18")'),
        "op.execute(\"UPDATE adults SET name = 'x'\")",
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        databases=SERVERS,
    ),
    Case(
        "rows deleted through a view",
        steps(USERS, 'op.execute("CREATE VIEW adults AS SELECT id, name, age FROM users WHERE age >= 18")'),
        'op.execute("DELETE FROM adults")',
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        databases=SERVERS,
    ),
    Case(
        "ON UPDATE CASCADE changes the children too, and they come back",
        LINKED.replace('ondelete="CASCADE"', 'onupdate="CASCADE"'),
        'op.execute("UPDATE roles SET id = id + 100")',
        'op.execute("UPDATE roles SET id = id - 100")',
        truth="reversible",
        says="plausible reversible",
        rows=ROLE_ROWS,
        databases=PG,
    ),
    Case(
        "ON UPDATE CASCADE changes the children too, and nothing is undone",
        LINKED.replace('ondelete="CASCADE"', 'onupdate="CASCADE"'),
        'op.execute("UPDATE roles SET id = id + 100")',
        "pass",
        truth="lossy",
        says="lossy",
        rows=ROLE_ROWS,
        databases=PG,
        kinds=["column roles.id", "column members.role_id"],
    ),
    Case(
        "rows deleted from a partitioned table are gone from its partition",
        """
        op.execute("CREATE TABLE events (id integer NOT NULL, day date NOT NULL) PARTITION BY RANGE (day)")
        op.execute(
            "CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')"
        )
        """,
        'op.execute("DELETE FROM events")',
        "pass",
        truth="lossy",
        rows=["INSERT INTO events VALUES (1, '2023-05-05')"],
        databases=PG,
        kinds=["table events"],
    ),
    Case(
        "inserting into a table moves its serial for good, which is no loss",
        """
        op.create_table(
            "tags", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(9))
        )
        """,
        "op.execute(\"INSERT INTO tags (name) VALUES ('new')\")",
        "op.execute(\"DELETE FROM tags WHERE name = 'new'\")",
        truth="reversible",
        says="plausible",
        rows=["INSERT INTO tags (name) VALUES ('old')"],
    ),
    Case(
        "a function that only reads in the SET of a backfill",
        USERS,
        """
        op.execute(
            "CREATE FUNCTION short(t text) RETURNS text AS 'SELECT lower(substr(t, 1, 3))' LANGUAGE sql"
        )
        op.add_column("users", sa.Column("code", sa.String(60)))
        op.execute("UPDATE users SET code = short(name)")
        """,
        """
        op.drop_column("users", "code")
        op.execute("DROP FUNCTION short(text)")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
]
