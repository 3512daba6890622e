// All measurements on documents of one size, in a process of their own: node worker.mjs SIZE COUNT ROUNDS → a line of JSON with
// rates in MB/s, for each of them a list by round. Within a round all take turns.

import { criteriaOf } from "./criteria.mjs";
import { stixPackage } from "./documents.mjs";
import { engines } from "./engines.mjs";

const [size, count, rounds] = process.argv.slice(2).map(Number);
const slice = 60;

/** Values as documents have them that criteria of this kind select. */
const selected = {
  begins_with: (value) => `${value}.exe`,
  contains: (value) => `Seen with ${value} before`,
  ends_with: (value) => `host.${value}`,
  equals: (value) => value,
};

/** Documents; of `mixed` ones every second has, somewhere, what one of the criteria asks for. */
function documentsFor(criteria, mixed) {
  return Array.from({ length: count }, (_, index) => {
    const isSelected = mixed && index % 2 === 0;
    const { kind, how, value } = criteria[(index * 7) % criteria.length];
    const planted = isSelected ? { kind, value: selected[how](value) } : undefined;
    const text = stixPackage({ seed: size + index, size, planted, quotes: index % 4 === 3 });
    const bytes = Buffer.from(text);
    // As the characters of a row of a database: in one piece.
    return { text: bytes.toString(), bytes, isSelected };
  });
}

const measurements = [];
for (const number of [1, 10, 100]) {
  const criteria = criteriaOf(number);
  for (const mix of ["half", "none"]) {
    const documents = documentsFor(criteria, mix === "half");
    const length = documents.reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (const [engine, make] of Object.entries(engines)) {
      const matches = make(criteria);
      for (const [index, document] of documents.entries()) {
        if (matches(document) !== document.isSelected)
          throw new Error(`${engine}: the verdict on document ${index} (${size} bytes, ${number} criteria, ${mix} selected) is wrong`);
      }
      measurements.push({ engine, number, mix, documents, length, matches, rates: [] });
    }
  }
}

/** MB/s, over all documents at least once. */
function measure({ documents, length, matches }, least) {
  const from = performance.now();
  let passes = 0;
  do {
    for (const document of documents) matches(document);
    passes++;
  } while (performance.now() - from < least);
  return (length * passes) / 1000 / (performance.now() - from);
}

for (const measurement of measurements) measure(measurement, 300);
for (let round = 0; round < rounds; round++) {
  for (const measurement of measurements) measurement.rates.push(measure(measurement, slice));
}
console.log(
  JSON.stringify(measurements.map(({ engine, number, mix, length, rates }) => ({ engine, number, mix, rates, size: length / count }))),
);
