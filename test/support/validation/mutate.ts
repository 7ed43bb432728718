/** Numbers from 0 up to 1 that are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Fields = Record<string, unknown>;
type Place = { readonly holder: Fields; readonly key: string } | { readonly holder: unknown[]; readonly key: number };

const values: readonly (() => unknown)[] = [
  ...[null, "", "*", "a", "a*b", "1s", "0.5ms", "-1s", "1h30m", "8080", "10.0.0.1", "::1", "fe80::1%eth0"],
  ...[
    "https://example.com/a",
    "oci://a b",
    "http://[::1",
    "*.example.com",
    "a/b",
    "2026-01-02T15:04:05Z",
    "YQ==",
    "é€😀",
  ],
  ...[
    "unix:///a",
    "REGISTRY_ONLY",
    "x".repeat(64),
    "x".repeat(300),
    0,
    -1,
    1,
    1.5,
    80,
    65536,
    2 ** 31,
    1e300,
    true,
    false,
  ],
].map((value) => () => value);
const containers: readonly (() => unknown)[] = [
  () => [],
  () => ({}),
  () => [null],
  () => ({ a: null }),
  () => [{}],
  () => [""],
];

/** A copy of an object with one to three changes in its spec, now and then in its metadata. */
export function mutate(object: object, random: () => number): object {
  const copy = structuredClone(object) as Fields;
  const changes = 1 + Math.floor(random() * 3);
  for (let change = 0; change < changes; change += 1) {
    const root = random() < 0.1 ? "metadata" : "spec";
    const places = placesIn({ holder: copy, key: root });
    const place = places[Math.floor(random() * places.length)];
    if (place !== undefined) changeAt(place, random);
  }
  return copy;
}

function placesIn(place: Place): readonly Place[] {
  const value = valueAt(place);
  if (value === undefined) return [];
  if (Array.isArray(value)) return [place, ...value.flatMap((_, key) => placesIn({ holder: value as unknown[], key }))];
  if (typeof value !== "object" || value === null) return [place];
  return [place, ...Object.keys(value).flatMap((key) => placesIn({ holder: value as Fields, key }))];
}

function valueAt(place: Place): unknown {
  return Array.isArray(place.holder) ? place.holder[place.key as number] : place.holder[place.key];
}

function setAt(place: Place, value: unknown): void {
  if (Array.isArray(place.holder)) place.holder[place.key as number] = value;
  else place.holder[place.key] = value;
}

function changeAt(place: Place, random: () => number): void {
  const value = valueAt(place);
  const way = random();
  if (way < 0.2) remove(place);
  else if (way < 0.35 && Array.isArray(value) && value.length > 0) value.push(structuredClone(value[0]));
  else if (way < 0.45 && typeof value === "object" && value !== null && !Array.isArray(value)) {
    (value as Fields)[random() < 0.5 ? "surplus" : "namespace"] = oneOf(values, random);
  } else if (way < 0.5 && !Array.isArray(place.holder)) {
    remove(place);
    place.holder[`${place.key}s`] = value;
  } else setAt(place, oneOf(random() < 0.8 ? values : containers, random));
}

function remove({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(key as number, 1);
  else Reflect.deleteProperty(holder, key);
}

function oneOf(makers: readonly (() => unknown)[], random: () => number): unknown {
  return makers[Math.floor(random() * makers.length)]?.();
}
