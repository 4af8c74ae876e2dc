"""Table shapes on MariaDB. Statements are separated by `;;`; `asks` are questions to the filled database."""

from __future__ import annotations

from tests.dynamic.seeding.shape import Shape

SHAPES = (
    Shape(
        "auto_increment",
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL, note TEXT)",
        (
            "SELECT MAX(CHAR_LENGTH(name)) = 40 FROM t",
            "SELECT SUM(name = '') > 0 FROM t",
            "SELECT SUM(LENGTH(name) > CHAR_LENGTH(name)) > 0 FROM t",
        ),
    ),
    Shape(
        "unsigned",
        "CREATE TABLE t (a INT UNSIGNED NOT NULL, b BIGINT UNSIGNED NOT NULL, c TINYINT UNSIGNED, d SMALLINT UNSIGNED, e MEDIUMINT UNSIGNED, f DECIMAL(6,2) UNSIGNED, g INT(5) ZEROFILL)",
        ("SELECT MAX(a) = 4294967295 AND MIN(a) = 0 AND MAX(b) = 18446744073709551615 FROM t",),
    ),
    Shape(
        "signed",
        "CREATE TABLE t (a TINYINT NOT NULL, b SMALLINT NOT NULL, c MEDIUMINT NOT NULL, d INT NOT NULL, e BIGINT NOT NULL)",
        ("SELECT MIN(a) = -128 AND MAX(c) = 8388607 AND MIN(e) = -9223372036854775808 FROM t",),
    ),
    Shape(
        "decimals",
        "CREATE TABLE t (a DECIMAL(5,2) NOT NULL, b DECIMAL(65,30) NOT NULL, c DECIMAL, d FLOAT, e DOUBLE, f FLOAT(7,3), g DOUBLE UNSIGNED)",
        ("SELECT MAX(a) = 999.99 AND MIN(a) = -999.99 AND SUM(a = 0) > 0 FROM t",),
    ),
    Shape(
        "booleans",
        "CREATE TABLE t (a BOOLEAN NOT NULL, b BOOLEAN, c BIT(1) NOT NULL, d BIT(12), e BIT(64))",
        ("SELECT MAX(a) = 1 AND MIN(a) = 0 AND MAX(d) = 4095 FROM t",),
    ),
    Shape(
        "unique_boolean",
        "CREATE TABLE t (main BOOLEAN NOT NULL UNIQUE)",
        ("SELECT COUNT(*) = 2 FROM t",),
        rows=2,
    ),
    Shape(
        "times",
        "CREATE TABLE t (a DATE NOT NULL, b DATETIME NOT NULL, c DATETIME(6) NOT NULL, d TIMESTAMP NULL, e TIMESTAMP(3) NULL, f TIME, g TIME(6), h YEAR NOT NULL)",
        ("SELECT SUM(MICROSECOND(c) % 1000 > 0) > 0 AND MAX(a) = '9999-12-31' AND MAX(h) = 2155 FROM t",),
    ),
    Shape(
        "on_update",
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT, at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)",
        ("SELECT COUNT(DISTINCT at) > 2 FROM t",),
    ),
    Shape(
        "zero_default",
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, d DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', e DATE DEFAULT '0000-00-00')",
        ("SELECT SUM(d = '0000-00-00 00:00:00') > 0 FROM t",),
    ),
    Shape(
        "enum_and_set",
        "CREATE TABLE t (a ENUM('x', 'it''s', 'z') NOT NULL, b ENUM('p', 'q'), c SET('r', 'g', 'b') NOT NULL)",
        (
            "SELECT COUNT(DISTINCT a) = 3 AND COUNT(DISTINCT b) = 2 FROM t",
            "SELECT SUM(c = 'r,g,b') > 0 AND SUM(c = '') > 0 FROM t",
        ),
    ),
    Shape(
        "texts",
        "CREATE TABLE t (a TINYTEXT NOT NULL, b MEDIUMTEXT, c LONGTEXT, d CHAR(5), e CHAR(32), f CHAR(36), g VARCHAR(1) NOT NULL)",
    ),
    Shape(
        "bytes",
        "CREATE TABLE t (a BLOB NOT NULL, b TINYBLOB, c LONGBLOB, d VARBINARY(10) NOT NULL, e BINARY(16) NOT NULL, f BINARY(4))",
        ("SELECT MAX(LENGTH(d)) = 10 FROM t",),
    ),
    Shape(
        "json",
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a JSON NOT NULL, b JSON)",
        ("SELECT SUM(JSON_TYPE(a) = 'ARRAY') > 0 FROM t",),
    ),
    Shape(
        "json_check",
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a LONGTEXT NOT NULL CHECK (JSON_VALID(a)), b TEXT)",
    ),
    Shape(
        "spatial",
        "CREATE TABLE t (a POINT NOT NULL, b LINESTRING, c POLYGON, d GEOMETRY, e MULTIPOINT, f MULTILINESTRING, g MULTIPOLYGON, h GEOMETRYCOLLECTION)",
    ),
    Shape("own_types", "CREATE TABLE t (a UUID NOT NULL, b INET4, c INET6 NOT NULL)"),
    Shape(
        "generated",
        "CREATE TABLE t (a INT NOT NULL, b VARCHAR(20), c BIGINT AS (a * 2) STORED, d VARCHAR(30) AS (CONCAT(b, '!')) VIRTUAL)",
    ),
    Shape(
        "old_charsets",
        "CREATE TABLE t (a VARCHAR(20) CHARACTER SET utf8mb3 NOT NULL, b VARCHAR(20) CHARACTER SET latin1, c TEXT CHARACTER SET ascii, d VARCHAR(20) CHARACTER SET utf16)",
        ("SELECT SUM(LENGTH(a) > CHAR_LENGTH(a)) > 0 FROM t",),
    ),
    Shape(
        "unique_text", "CREATE TABLE t (a VARCHAR(30) NOT NULL UNIQUE, b VARCHAR(30), UNIQUE KEY pre (b(4)))"
    ),
    Shape("binary_collation", "CREATE TABLE t (a VARCHAR(30) COLLATE utf8mb4_bin NOT NULL UNIQUE)"),
    Shape(
        "unique_composite",
        "CREATE TABLE t (a INT NOT NULL, b VARCHAR(5) NOT NULL, c BOOLEAN NOT NULL, UNIQUE (a, b), UNIQUE (b, c))",
    ),
    Shape(
        "foreign_key",
        "CREATE TABLE p (id INT AUTO_INCREMENT PRIMARY KEY, v INT);; CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, p_id INT NOT NULL, q_id INT, FOREIGN KEY (p_id) REFERENCES p (id), FOREIGN KEY (q_id) REFERENCES p (id))",
    ),
    Shape(
        "composite_key",
        "CREATE TABLE p (a INT, b VARCHAR(10), PRIMARY KEY (a, b));; CREATE TABLE t (x INT NOT NULL, y VARCHAR(10) NOT NULL, FOREIGN KEY (x, y) REFERENCES p (a, b))",
    ),
    Shape(
        "association",
        "CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY);; CREATE TABLE b (id INT AUTO_INCREMENT PRIMARY KEY);; CREATE TABLE t (a_id INT, b_id INT, PRIMARY KEY (a_id, b_id), FOREIGN KEY (a_id) REFERENCES a (id), FOREIGN KEY (b_id) REFERENCES b (id))",
    ),
    Shape(
        "self_reference",
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES t (id))",
        ("SELECT SUM(up <> id) > 0 FROM t",),
    ),
    Shape(
        "hard_self",
        "CREATE TABLE t (id INT PRIMARY KEY, up INT NOT NULL, FOREIGN KEY (up) REFERENCES t (id))",
    ),
    Shape(
        "cycle",
        "CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, b_id INT);; CREATE TABLE b (id INT AUTO_INCREMENT PRIMARY KEY, a_id INT NOT NULL, FOREIGN KEY (a_id) REFERENCES a (id));; ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id)",
        ("SELECT COUNT(b_id) > 0 FROM a",),
    ),
    Shape(
        "hard_cycle",
        "CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, b_id INT NOT NULL);; CREATE TABLE b (id INT AUTO_INCREMENT PRIMARY KEY, a_id INT NOT NULL, FOREIGN KEY (a_id) REFERENCES a (id));; ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id)",
        ("SELECT COUNT(*) > 0 FROM a JOIN b ON a.b_id = b.id", "SELECT @@foreign_key_checks = 1"),
    ),
    Shape(
        "checks",
        """CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, age INT NOT NULL CHECK (age >= 18), s VARCHAR(10) NOT NULL CHECK (s IN ('a', 'b')), code CHAR(3) NOT NULL CHECK (CHAR_LENGTH(code) = 3), mail VARCHAR(60) CHECK (mail LIKE '%@%'),
        k VARCHAR(20) NOT NULL CHECK (k REGEXP '^[A-Z]{2}[0-9]+$'), low INT, high INT, CHECK (low < high), CHECK ((low IS NULL) = (high IS NULL)))""",
    ),
    Shape(
        "partition_range",
        "CREATE TABLE t (id INT NOT NULL, day DATE NOT NULL) PARTITION BY RANGE (YEAR(day)) (PARTITION a VALUES LESS THAN (2020), PARTITION b VALUES LESS THAN (2023))",
        ("SELECT COUNT(*) > 0 FROM t PARTITION (a)", "SELECT COUNT(*) > 0 FROM t PARTITION (b)"),
    ),
    Shape(
        "partition_list",
        "CREATE TABLE t (id INT NOT NULL, v TEXT) PARTITION BY LIST (id) (PARTITION a VALUES IN (1, 2, 3), PARTITION b VALUES IN (7, 8))",
        ("SELECT COUNT(*) > 0 FROM t PARTITION (a)", "SELECT COUNT(*) > 0 FROM t PARTITION (b)"),
    ),
    Shape(
        "partition_hash",
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v TEXT) PARTITION BY KEY (id) PARTITIONS 3",
    ),
    Shape("no_key", "CREATE TABLE t (a INT, b TEXT)"),
    Shape(
        "myisam",
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(10) NOT NULL CHECK (v REGEXP 'q')) ENGINE=MyISAM",
    ),
    Shape(
        "odd_names",
        "CREATE TABLE `Order By` (id INT AUTO_INCREMENT PRIMARY KEY, `user` TEXT NOT NULL, `a.b` INT, `with ``tick` INT, `50% :x` INT, `select` BOOLEAN)",
    ),
    Shape(
        "trigger_refuses",
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT);; CREATE TRIGGER no BEFORE INSERT ON t FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'rows come from the ledger'",
        unseeded="rows come from the ledger",
    ),
    Shape("widest_row", "CREATE TABLE t (" + ", ".join(f"c{n} VARCHAR(250)" for n in range(60)) + ")"),
)
