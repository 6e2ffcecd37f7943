"""What searches for personal data can find it: also where a search through bytes cannot."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.leaks import parquet, sqlite, unhexed

NAME = "Zwaluwenburg"


def test_a_name_in_a_packed_column_is_not_in_the_bytes_and_is_found(tmp_path: Path) -> None:
    file = tmp_path / "some.parquet"
    texts = [f"{NAME} {number}" for number in range(10_000)]
    nested = pa.array([{"who": [NAME]}] * len(texts))
    pq.write_table(pa.table({"text": texts, "nested": nested, "number": range(len(texts))}), file, compression="gzip",
                   use_dictionary=False, write_statistics=False)  # fmt: skip
    assert NAME.encode() not in file.read_bytes()
    found = list(parquet(file))
    assert {column for column, text in found if NAME in text} == {"text", "nested"}
    assert ("number", "9999") in found


def test_a_name_beside_the_columns_is_found(tmp_path: Path) -> None:
    file = tmp_path / "some.parquet"
    pq.write_table(pa.table({"n": [1]}).replace_schema_metadata({"who": NAME}), file)
    assert any(NAME in text for _, text in parquet(file))


def test_a_name_kept_as_bytes_is_found(tmp_path: Path) -> None:
    row = '{"sealed": "\\\\x' + NAME.encode().hex() + '"}'
    assert NAME not in row
    assert NAME in unhexed(row)


def test_a_name_in_a_table_of_a_file_is_found(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "log.sqlite")) as connection:
        connection.execute("create table event (who text)")
        connection.execute("insert into event values (?)", [NAME])
        connection.commit()
    assert [text for text in sqlite(tmp_path / "log.sqlite") if NAME in text]
