import { z } from 'zod';
import { pipelineSchema } from './schema.js';

/** The pipeline file's schema as JSON Schema (draft 2020-12), for editors: launch/pipeline.schema.json holds it. */
export function pipelineJsonSchema(): unknown {
  return { title: 'Pipeline file of sextant run --config', ...z.toJSONSchema(pipelineSchema, { io: 'input', unrepresentable: 'any' }) };
}
