import * as z from 'zod'
import { JsonPatch } from '../shared/json-patch.ts'

/** The body of a PATCH: a merge patch, which is an object, or a JSON Patch, which is a list. What it makes is checked. */
export const PatchBody = z.union([z.record(z.string(), z.unknown()), JsonPatch])
