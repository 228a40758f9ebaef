import type { Definition, Field } from './definitions.js';

const names: Field = { name: 'names', type: 'string', isArray: true };
const inner = (name: string, type: string, isArray = false): Field => ({ name, type: `rcl_interfaces/${type}`, isComplex: true, ...(isArray && { isArray }) });
const parameters = inner('parameters', 'Parameter', true);

/** Fields of request and response of the services that every ROS 2 node has for its parameters (rcl_interfaces/srv). */
const SERVICES: Readonly<Record<string, readonly [request: readonly Field[], response: readonly Field[]]>> = {
  GetParameters: [[names], [inner('values', 'ParameterValue', true)]],
  GetParameterTypes: [[names], [{ name: 'types', type: 'uint8', isArray: true }]],
  DescribeParameters: [[names], [inner('descriptors', 'ParameterDescriptor', true)]],
  ListParameters: [[{ name: 'prefixes', type: 'string', isArray: true }, { name: 'depth', type: 'uint64' }], [inner('result', 'ListParametersResult')]],
  SetParameters: [[parameters], [inner('results', 'SetParametersResult', true)]],
  SetParametersAtomically: [[parameters], [inner('result', 'SetParametersResult')]],
};

/** By `rcl_interfaces/srv/<service>_Request` and `_Response`, the names that schemas of services have. */
export const PARAMETER_SERVICE_DEFINITIONS: Readonly<Record<string, Definition>> = Object.fromEntries(Object.entries(SERVICES).flatMap(([service, parts]) =>
  (['Request', 'Response'] as const).map((part, i) => {
    const name = `rcl_interfaces/srv/${service}_${part}`;
    return [name, { name, definitions: [...parts[i]] }];
  }),
));
