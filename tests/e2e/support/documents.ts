import { BSON, type Db } from "mongodb";

/** Every document of some collections, in one order and one notation, so that two states can be compared. */
export async function documentsOf(database: Db, names: readonly string[]): Promise<Record<string, readonly string[]>> {
  const dumps = names.map(async (name) => {
    const found = await database.collection(name).find().sort({ _id: 1 }).toArray();
    return [name, found.map((document) => JSON.stringify(sorted(BSON.EJSON.serialize(document))))] as const;
  });
  return Object.fromEntries(await Promise.all(dumps));
}

/** The order of members is the database's affair. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}
