"""Opening a log on a PostgreSQL server: other people's databases, other versions, wrong names, no rights."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from groupcore.errors import MissingExtra, NotALog, StoreError
from groupcore.events import Row
from groupcore.stores import open_store
from groupcore.testing.store_contract import check_log, draft, drafts

pytest.importorskip("psycopg")
pytest.importorskip("pwd")

from groupcore.stores import postgres_schema
from groupcore.stores.postgres_subjects import _FIND
from groupcore.stores.postgres_url import place_of
from stores.postgres_server import Server, at_once, schema_of, written


@pytest.fixture
def url(server: Server) -> str:
    return server.new_log()


# -- other people's databases


OTHERS = [
    "CREATE TABLE {0}.events (x int)",
    "CREATE TABLE {0}.meta (version int)",
    "CREATE TABLE {0}.meta (name text, value text)",
    "CREATE TABLE {0}.meta (name int, value bytea); INSERT INTO {0}.meta VALUES (1, '')",
    "CREATE TABLE {0}.meta (name text, value text); INSERT INTO {0}.meta VALUES ('format', '1')",
    "CREATE VIEW {0}.meta AS SELECT 1 AS name, 'x' AS value",
    "CREATE SEQUENCE {0}.numbers",
]


@pytest.mark.parametrize("statement", OTHERS)
def test_the_schema_of_another_application_is_refused_and_not_touched(server: Server, url: str, statement: str) -> None:
    server.execute(f"CREATE SCHEMA {schema_of(url)}", statement.format(schema_of(url)))
    listed = "SELECT relname FROM pg_class WHERE relnamespace = current_schema::regnamespace ORDER BY 1"
    before = server.execute(listed, url=url)
    for read_only in (False, True):
        with pytest.raises(NotALog, match="holds tables of another application and no log of groupcore"):
            open_store(url, read_only=read_only)
    assert server.execute(listed, url=url) == before


def test_an_empty_schema_becomes_a_log_when_it_may(server: Server, url: str) -> None:
    server.execute(f"CREATE SCHEMA {schema_of(url)}")
    for closed in ({"read_only": True}, {"create": False}):
        with pytest.raises(StoreError, match=r"^no such log: "):
            open_store(url, **closed)
    written(url, 1)


def test_a_missing_log_is_told_and_not_made(server: Server, url: str) -> None:
    for closed in ({"read_only": True}, {"create": False}):
        with pytest.raises(StoreError, match=r"^no such log: postgresql://.* \(import something into it first\)$"):
            open_store(url, **closed)
    assert server.execute(f"SELECT to_regnamespace('{schema_of(url)}')") == [(None,)]


def test_a_newer_format_is_told(server: Server, url: str) -> None:
    written(url, 1)
    server.execute("UPDATE meta SET value = '3' WHERE name = 'format'", url=url)
    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"newer groupcore \(its format is 3, this version knows 2\)") as caught:
            open_store(url, read_only=read_only)
        assert type(caught.value) is StoreError


def test_a_database_of_another_encoding_is_refused(server: Server) -> None:
    server.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StoreError, match="encoded in LATIN1; a log needs UTF8"):
        open_store(server.address("latin"))


# -- migrations


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> str:
    """As if this were the next version, with one more migration, which it cannot do without."""
    step = "ALTER TABLE events ADD COLUMN mood TEXT; UPDATE heads SET version = version"
    monkeypatch.setattr(postgres_schema, "MIGRATIONS", (*postgres_schema.MIGRATIONS, step))
    monkeypatch.setattr(postgres_schema, "OLDEST", 3)
    return step


def test_an_older_log_is_brought_up_to_date_once(server: Server, url: str, request: pytest.FixtureRequest) -> None:
    written(url, 3)
    request.getfixturevalue("newer")
    with pytest.raises(StoreError, match=r"older groupcore \(its format is 2\); open it for writing once"):
        open_store(url, read_only=True)
    for _ in range(2):
        with open_store(url, create=False) as store:
            store.append([draft(f"x{store.position}")])
            check_log(store)
    meta = dict(server.execute("SELECT name, value FROM meta", url=url))
    assert meta["format"] == "3"
    assert {"migration 1", "migration 2", "migration 3"} < meta.keys()
    open_store(url, read_only=True).close()


def test_a_new_log_takes_all_steps(server: Server, url: str, newer: str) -> None:
    written(url, 3)
    assert server.execute("SELECT count(*), count(mood) FROM events", url=url) == [(3, 0)]


def test_a_step_that_fails_leaves_the_log_as_it_was(server: Server, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written(url, 3)
    steps = ("ALTER TABLE events ADD COLUMN mood TEXT", "ALTER TABLE nothing ADD COLUMN x TEXT")
    with monkeypatch.context() as patched:
        patched.setattr(postgres_schema, "MIGRATIONS", (*postgres_schema.MIGRATIONS, *steps))
        with pytest.raises(StoreError, match='"nothing" does not exist'):
            open_store(url)
    with open_store(url) as store:
        check_log(store)
    assert dict(server.execute("SELECT name, value FROM meta", url=url))["format"] == "2"


# -- the index of subjects, which logs of the first format have not


def about(id: str, data: bytes) -> Row:
    return draft()._replace(id=id, type="x", data=data, private=None, salt=None, private_digest=None)


@pytest.fixture
def first_format(url: str, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """A log that the first version made: rows about amy, about bo, about nobody, and chat."""
    with monkeypatch.context() as patched:
        patched.setattr(postgres_schema, "MIGRATIONS", postgres_schema.MIGRATIONS[:1])
        with open_store(url) as store:
            said = [b'{"member":"amy"}', b'{"member":"bo"}', b"no JSON \xff", b'{"member":"a\\u0000"}']
            return store.append([*(about(f"x{number}", data) for number, data in enumerate(said)), *drafts(2)])


def plan_of_concerning(server: Server, url: str) -> str:
    select = _FIND.replace("%s::text[]", "'{amy}'::text[]").replace("%s", "'group/g1'")
    return str(server.execute("SET enable_seqscan = off", f"EXPLAIN {select}", url=url))


def test_who_is_concerned_is_looked_up_once_a_writer_has_opened_an_older_log(
    server: Server, url: str, first_format: list[Row]
) -> None:
    expected = [first_format[number] for number in (0, 2)]
    with open_store(url, read_only=True) as reader:
        assert list(reader.concerning("group/g1", ["amy"])) == expected
        with open_store(url) as store:
            assert list(store.concerning("group/g1", ["amy"])) == expected
            expected += store.append([about("x9", b'{"member":"amy"}')])
            assert list(store.concerning("group/g1", ["amy"])) == expected
            check_log(store)
        assert list(reader.concerning("group/g1", ["amy"])) == expected  # it goes on as it began
    assert "events_of_subjects" in plan_of_concerning(server, url)
    with open_store(url, read_only=True) as reader:
        assert list(reader.concerning("group/g1", ["amy"])) == expected
    assert dict(server.execute("SELECT name, value FROM meta", url=url))["format"] == "2"


def test_who_may_write_may_work_out_subjects_where_functions_are_not_for_everybody(
    server: Server, url: str, guarded: str
) -> None:
    schema = schema_of(url)
    server.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
    try:
        written(url, 2)
    finally:
        server.execute("ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC")
    server.execute(
        f"GRANT USAGE ON SCHEMA {schema} TO {guarded}", f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {guarded}"
    )
    with open_store(url.replace("postgres@", f"{guarded}:right@")) as store:
        rows = store.append([about("x9", b'{"member":"amy"}')])
        assert list(store.concerning("group/g1", ["amy"])) == rows


def test_a_writer_that_may_make_no_index_goes_on_without_one(
    server: Server, url: str, first_format: list[Row], guarded: str
) -> None:
    schema = schema_of(url)
    server.execute(
        f"GRANT USAGE ON SCHEMA {schema} TO {guarded}", f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {guarded}"
    )
    with open_store(url.replace("postgres@", f"{guarded}:right@")) as store:
        store.append([about("x9", b'{"member":"amy"}')])
        assert [row.id for row in store.concerning("group/g1", ["amy"])] == ["x0", "x2", "x9"]
    assert dict(server.execute("SELECT name, value FROM meta", url=url))["format"] == "1"


def test_a_log_can_be_made_by_many_at_once(server: Server) -> None:
    for _ in range(5):
        url = server.new_log()
        assert at_once(6, lambda number, url=url: open_store(url).close()) == []


# -- wrong names


@pytest.fixture
def guarded(server: Server) -> Iterator[str]:
    """A user who has to give a password, which is ``right``."""
    rules = server.data / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local all guarded scram-sha-256\n{before}")
    server.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'", "SELECT pg_reload_conf()")
    yield "guarded"
    rules.write_text(before)
    server.execute("DROP OWNED BY guarded", "DROP ROLE guarded", "SELECT pg_reload_conf()")


def test_a_wrong_password_is_told_and_not_shown(server: Server, guarded: str) -> None:
    for user in (f"{guarded}:wr%6Fng", guarded):
        with pytest.raises(StoreError, match=r"cannot be opened: .*password") as caught:
            open_store(server.address(user=user))
        assert "\n" not in str(caught.value)
        assert "wr%6Fng" not in str(caught.value)
        assert "wrong" not in str(caught.value)


def test_a_user_without_rights_is_told(server: Server, url: str, guarded: str) -> None:
    written(url, 1)
    theirs = url.replace("postgres@", f"{guarded}:right@")
    with pytest.raises(StoreError, match="no permission to use the schema"):
        open_store(theirs)
    with pytest.raises(StoreError, match=r"no permission .permission denied for database"):
        open_store(f"{theirs}x")
    schema = schema_of(url)
    server.execute(
        f"GRANT USAGE ON SCHEMA {schema} TO {guarded}", f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {guarded}"
    )
    with open_store(theirs, read_only=True) as reader:
        check_log(reader)
    with open_store(theirs) as store, pytest.raises(StoreError, match="no permission"):
        store.append([draft("x")])
    server.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {guarded}")


def test_a_writer_with_no_rights_on_the_database_uses_a_schema_made_for_it(
    server: Server, url: str, guarded: str
) -> None:
    server.execute(f"CREATE SCHEMA {schema_of(url)} AUTHORIZATION {guarded}")
    with open_store(url.replace("postgres@", f"{guarded}:right@")) as store:
        store.append(drafts(2))
        check_log(store)


WRONG = {
    "/nobody": 'cannot be opened: database "nobody" does not exist',
    "nobody@/postgres": 'cannot be opened: role "nobody" does not exist',
}


@pytest.mark.parametrize("place", WRONG)
def test_a_name_that_the_server_does_not_know_is_told(server: Server, place: str) -> None:
    with pytest.raises(StoreError, match=WRONG[place]) as caught:
        open_store(f"postgresql://{'postgres@' if place[0] == '/' else ''}{place}?host={server.room}")
    assert "\n" not in str(caught.value)


def test_no_server_is_told_at_once() -> None:
    for place in ("127.0.0.1:1/x", "localhost:1/x", "/x?host=/nowhere"):
        with pytest.raises(StoreError, match=r"cannot be opened: .*(refused|No such file)") as caught:
            open_store(f"postgresql://a:secret@{place}")
        assert "\n" not in str(caught.value)
        assert "secret" not in str(caught.value)


NAMES = {
    "postgresql://h/d": "postgresql://h/d",
    "postgres://u@h:5/d?schema=x": "postgres://u@h:5/d?schema=x",
    "postgresql://u:pw@h/d": "postgresql://u@h/d",
    "postgresql://u:p@w:x@h/d": "postgresql://u@h/d",
    "postgresql://u:p?w@h/d": "postgresql://u@h/d",
    "postgresql://u:p/w@h/d": "postgresql://u@h/d",
    "postgresql://:pw@h/d": "postgresql://@h/d",
    "postgresql:///d?user=u&password=pw&schema=x": "postgresql:///d?user=u&password=***&schema=x",
    "postgresql:///d?password=pw": "postgresql:///d?password=***",
    "postgresql:///d?sslpassword=pw": "postgresql:///d?sslpassword=***",
}


@pytest.mark.parametrize("url", NAMES)
def test_a_log_is_named_without_its_password(url: str) -> None:
    assert place_of(url).name == NAMES[url]


def test_what_is_not_ours_goes_to_libpq() -> None:
    place = place_of("postgresql://h,i:5/d?sslmode=require&schema=x&fsync=relaxed&patience=250ms&host=/a%20b")
    assert place.url == "postgresql://h,i:5/d?sslmode=require&host=%2Fa%20b"
    assert (place.schema, place.fsync, place.patience) == ("x", "relaxed", 0.25)
    assert place_of("postgresql://u:p?w@h/d?schema=x").url == "postgresql://u:p?w@h/d"


def test_a_url_that_libpq_does_not_take_is_told_without_its_words() -> None:
    for url in ("postgresql://u:se/cret@h/d", "postgresql://u@h/d?port=x%", "postgresql://[u/d"):
        with pytest.raises(StoreError, match=r"is no URL that PostgreSQL takes|cannot be opened") as caught:
            open_store(url)
        assert "cret" not in str(caught.value)


def test_without_the_extra_it_is_named() -> None:
    script = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from groupcore.errors import MissingExtra\n"
        "from groupcore.stores import open_store\n"
        "try: open_store('postgresql://localhost/x')\n"
        "except MissingExtra as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == f"{MissingExtra('psycopg', 'postgres')}\n"
