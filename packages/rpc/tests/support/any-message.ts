import { create, type DescEnum, type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import fc from "fast-check";

/** Any message of a type, every field of every kind, without the well-known types (their JSON is another matter). */
export function anyMessage(message: DescMessage, depth = 2): fc.Arbitrary<Message> {
  const plain = message.fields.filter((field) => field.oneof === undefined && !isWellKnown(field));
  const fields = Object.fromEntries(plain.map((field) => [field.localName, anyField(field, depth)]));
  const oneofs = message.oneofs.map((oneof) => [
    oneof.localName,
    fc.oneof(
      fc.constant({ case: undefined }),
      ...oneof.fields.flatMap((field) => {
        const value = isWellKnown(field) ? undefined : anyField(field, depth);
        return value === undefined ? [] : [fc.record({ case: fc.constant(field.localName), value })];
      }),
    ),
  ]);
  const present = Object.entries(fields).filter(([, arbitrary]) => arbitrary !== undefined);
  return fc
    .record({ ...Object.fromEntries(present), ...Object.fromEntries(oneofs) }, { requiredKeys: [] })
    .map((init) => create(message, init));
}

function anyField(field: DescField, depth: number): fc.Arbitrary<unknown> | undefined {
  switch (field.fieldKind) {
    case "scalar":
      return anyScalar(field.scalar, field.longAsString);
    case "enum":
      return anyEnum(field.enum);
    case "message":
      return depth > 0 ? anyMessage(field.message, depth - 1) : undefined;
    case "list":
      return listOf(anyElement(field, depth));
    case "map":
      return mapOf(anyKey(field.mapKey), anyElement(field, depth));
  }
}

function anyElement(
  field: DescField & { fieldKind: "list" | "map" },
  depth: number,
): fc.Arbitrary<unknown> | undefined {
  const kind = field.fieldKind === "list" ? field.listKind : field.mapKind;
  if (kind === "enum" && field.enum !== undefined) return anyEnum(field.enum);
  if (kind === "message") return depth > 0 && field.message ? anyMessage(field.message, depth - 1) : undefined;
  const longAsString = "longAsString" in field && field.longAsString;
  return field.scalar === undefined ? undefined : anyScalar(field.scalar, longAsString);
}

function listOf(element: fc.Arbitrary<unknown> | undefined): fc.Arbitrary<unknown> | undefined {
  return element && fc.array(element, { maxLength: 4 });
}

function mapOf(key: fc.Arbitrary<string>, value: fc.Arbitrary<unknown> | undefined): fc.Arbitrary<unknown> | undefined {
  return value && fc.dictionary(key, value, { maxKeys: 4 });
}

function anyKey(kind: ScalarType): fc.Arbitrary<string> {
  if (kind === ScalarType.STRING) return anyText().filter((text) => text !== "__proto__");
  if (kind === ScalarType.BOOL) return fc.boolean().map(String);
  return fc.nat().map(String);
}

function anyEnum({ values }: DescEnum): fc.Arbitrary<number> {
  return fc.constantFrom(...values.map(({ number }) => number));
}

// Well-formed, since a lone surrogate has no UTF-8.
const anyText = () => fc.string({ unit: "binary", maxLength: 20 });

function anyScalar(kind: ScalarType, longAsString: boolean): fc.Arbitrary<unknown> {
  const long = (min: bigint, max: bigint) =>
    fc.bigInt({ min, max }).map((value) => (longAsString ? String(value) : value));
  switch (kind) {
    case ScalarType.STRING:
      return anyText();
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 20 });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.DOUBLE:
      return fc.double();
    case ScalarType.FLOAT:
      return fc.float();
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return fc.integer({ min: 0, max: 0xffff_ffff });
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return long(-(2n ** 63n), 2n ** 63n - 1n);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return long(0n, 2n ** 64n - 1n);
    default:
      return fc.integer();
  }
}

function isWellKnown(field: DescField): boolean {
  return field.message?.typeName.startsWith("google.protobuf.") ?? false;
}
