"""Made-up Arrow tables: any type that Parquet knows, nested, with edges and NULLs."""

import struct
from decimal import Decimal

import pyarrow as pa

TEXTS = ["", "a", "Grüße, 世界", "line\nbreak \"quoted\" \\", "\x01\x1f", "x" * 300, "prefix-0001", "prefix-0002",
         "{\"a\": [1, 2]}", "🦦"]
LEAF_TYPES = [
    pa.bool_(), pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(),
    pa.float16(), pa.float32(), pa.float64(), pa.string(), pa.large_string(), pa.binary(), pa.binary(5), pa.binary(16),
    pa.date32(), pa.date64(), pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns"),
    pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("us"), pa.timestamp("ns"),
    pa.timestamp("ms", "UTC"), pa.timestamp("us", "Europe/Berlin"), pa.timestamp("ns", "UTC"),
    pa.decimal128(5, 2), pa.decimal128(9, 9), pa.decimal128(18, 4), pa.decimal128(38, 10), pa.decimal256(76, 30),
]  # fmt: skip


def random_integer(chance, bits, signed):
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    return chance.choice([low, high, 0, chance.randint(low, high), chance.randint(max(low, -9), 9)])


def random_leaf(chance, kind):
    types = pa.types
    if types.is_boolean(kind):
        return chance.random() < 0.5
    if types.is_integer(kind):
        return random_integer(chance, kind.bit_width, types.is_signed_integer(kind))
    if types.is_float16(kind):
        return struct.unpack("<e", struct.pack("<H", chance.randrange(2**16)))[0]
    if types.is_floating(kind):
        edges = [0.0, -0.0, 1.5, float("nan"), float("inf"), float("-inf"), 1e-30, chance.gauss(0, 1e6)]
        value = chance.choice(edges)
        return struct.unpack("<f", struct.pack("<f", value))[0] if types.is_float32(kind) else value
    if types.is_string(kind) or types.is_large_string(kind):
        return chance.choice(TEXTS) + chance.choice(["", str(chance.randrange(100))])
    if types.is_fixed_size_binary(kind):
        return chance.choice([chance.randbytes(kind.byte_width), b"x" * kind.byte_width])
    if types.is_binary(kind):
        return chance.choice([b"", b"text", b"\xff\xfe", chance.randbytes(chance.randrange(40))])
    return random_time_or_decimal(chance, kind)


def random_time_or_decimal(chance, kind):
    types = pa.types
    if types.is_date32(kind):
        return chance.choice([0, -1, -719162, 2932896, chance.randint(-800_000, 3_000_000)])
    if types.is_date64(kind):
        return 86_400_000 * chance.randint(-100_000, 100_000)
    if types.is_time(kind):
        per_day = 86400 * {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[kind.unit]
        return chance.choice([0, per_day - 1, chance.randrange(per_day)])
    if types.is_timestamp(kind):
        unit = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[kind.unit]
        most = 9 * 10**9 if kind.unit == "ns" else 250 * 10**9
        return chance.choice([0, -1, 1_700_000_000 * unit, chance.randint(-most, most) * unit + chance.randrange(unit)])
    assert types.is_decimal(kind), kind
    digits = chance.choice([0, 1, kind.precision])
    unscaled = chance.randrange(10**digits) * chance.choice([1, -1])
    return Decimal((int(unscaled < 0), tuple(map(int, str(abs(unscaled)))), -kind.scale))


def random_type(chance, depth):
    if depth == 0 or chance.random() < 0.7:
        return chance.choice(LEAF_TYPES)
    shape = chance.randrange(5)
    if shape == 0:
        return pa.list_(pa.field("element", random_type(chance, depth - 1), nullable=chance.random() < 0.7))
    if shape == 1:
        return pa.large_list(random_type(chance, depth - 1))
    if shape == 2:
        key = chance.choice([pa.string(), pa.int64(), pa.date32()])
        return pa.map_(key, random_type(chance, depth - 1))
    return pa.struct([pa.field(f"f{i}", random_type(chance, depth - 1), nullable=chance.random() < 0.8)
                      for i in range(chance.randint(1, 3))])


def random_value(chance, field, nulls):
    kind, types = field.type, pa.types
    if field.nullable and chance.random() < nulls:
        return None
    if types.is_map(kind):
        keys = {random_leaf(chance, kind.key_type) for _ in range(chance.choice([0, 1, 3]))}
        return [(key, random_value(chance, kind.item_field, nulls)) for key in keys]
    if types.is_list(kind) or types.is_large_list(kind):
        return [random_value(chance, kind.value_field, nulls) for _ in range(chance.choice([0, 1, 2, 5]))]
    if types.is_struct(kind):
        return {kind.field(i).name: random_value(chance, kind.field(i), nulls) for i in range(kind.num_fields)}
    return random_leaf(chance, kind)


def random_column(chance, field, rows):
    """Often with few different values, so that dictionaries and runs are there."""
    nulls = chance.choice([0, 0.1, 0.9, 1])
    values = [random_value(chance, field, nulls) for _ in range(chance.choice([3, rows, rows]))] or [None]
    if chance.random() < 0.3:
        values = sorted(values, key=repr)
    values = [values[i % len(values)] if len(values) < rows else values[i] for i in range(rows)]
    return array_of(values, field.type)


def array_of(values, kind):
    """Times and dates are given as numbers, also in the inside of other types."""
    numbers = pa.array(values, numbers_for(kind))
    return numbers.cast(kind) if not pa.types.is_nested(kind) else nested_cast(numbers, kind)


def numbers_for(kind):
    types = pa.types
    if types.is_map(kind):
        return pa.map_(numbers_for(kind.key_type), kind.item_field.with_type(numbers_for(kind.item_type)))
    if types.is_large_list(kind):
        return pa.large_list(kind.value_field.with_type(numbers_for(kind.value_type)))
    if types.is_list(kind):
        return pa.list_(kind.value_field.with_type(numbers_for(kind.value_type)))
    if types.is_struct(kind):
        return pa.struct([kind.field(i).with_type(numbers_for(kind.field(i).type)) for i in range(kind.num_fields)])
    if types.is_date32(kind) or types.is_time32(kind):
        return pa.int32()
    if types.is_date(kind) or types.is_time(kind) or types.is_timestamp(kind):
        return pa.int64()
    return kind


def nested_cast(array, kind):
    """The same buffers as the other type: numbers and times have the same bits."""
    return pa.Array.from_buffers(kind, len(array), array.buffers()[:own_buffers(kind)], array.null_count,
                                 array.offset, children_of(array, kind))


def own_buffers(kind):
    return 1 if pa.types.is_struct(kind) else 2


def children_of(array, kind):
    if pa.types.is_struct(kind):
        return [as_type(array.field(i), kind.field(i).type) for i in range(kind.num_fields)]
    if pa.types.is_map(kind):
        entry = pa.struct([kind.key_field, kind.item_field])
        inner = pa.StructArray.from_arrays([as_type(array.keys, kind.key_type), as_type(array.items, kind.item_type)],
                                           fields=[entry.field(0), entry.field(1)])
        return [inner]
    return [as_type(array.values, kind.value_type)]


def as_type(array, kind):
    return nested_cast(array, kind) if pa.types.is_nested(kind) else array.cast(kind)


def random_table(chance, columns, rows, depth=3):
    fields = []
    for i in range(columns):
        kind = random_type(chance, depth)
        fields.append(pa.field(f"c{i}", kind, nullable=chance.random() < 0.8))
    return pa.table([random_column(chance, field, rows) for field in fields], pa.schema(fields))
