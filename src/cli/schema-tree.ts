/** What a schema of zod has at which place. */

import { z } from "zod";

/** A place in a value: keys of objects, indices of lists. */
export type Path = readonly (string | number)[];

/** A single value that a schema allows, and where. */
export interface Leaf {
  readonly path: readonly string[];
  readonly schema: z.ZodType;
}

/** The keys that a schema knows in the object at a place; none where no object is expected. */
export function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  const [step, ...rest] = path;
  return [
    ...new Set(
      alternatives(schema).flatMap((one) => {
        if (step === undefined) return one instanceof z.ZodObject ? Object.keys(shapeOf(one)) : [];
        const inner = childOf(one, step);
        return inner === undefined ? [] : keysAt(inner, rest);
      }),
    ),
  ];
}

/** The single values within objects, without lists, maps, and what may be one of several kinds of object. */
export function leavesOf(schema: z.ZodType, path: readonly string[] = []): readonly Leaf[] {
  const options = alternatives(schema);
  const [only] = options;
  if (options.length === 1 && only instanceof z.ZodObject)
    return Object.entries(shapeOf(only)).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
  const isCollection = options.some((one) => one instanceof z.ZodObject || one instanceof z.ZodArray || one instanceof z.ZodRecord);
  return isCollection ? [] : [{ path, schema }];
}

/** What a schema is inside: defaults and transformations taken off, unions taken apart. */
function alternatives(schema: z.ZodType): readonly z.ZodType[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  )
    return alternatives(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) {
    const from = schema.in as z.ZodType;
    // What preprocesses says nothing about what it takes.
    return alternatives(from instanceof z.ZodTransform ? (schema.out as z.ZodType) : from);
  }
  if (schema instanceof z.ZodUnion) return (schema.options as readonly z.ZodType[]).flatMap(alternatives);
  return [schema];
}

function childOf(schema: z.ZodType, step: string | number): z.ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (!(schema instanceof z.ZodObject)) return undefined;
  const shape = shapeOf(schema);
  return Object.hasOwn(shape, step) ? shape[step] : undefined;
}

function shapeOf(schema: z.ZodObject): Readonly<Record<string, z.ZodType>> {
  return schema.shape;
}
