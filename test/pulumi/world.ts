import * as pulumi from '@pulumi/pulumi';

/** A resource as it would be registered, under `setMocks`. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: { readonly [field: string]: unknown };
}

/** What a program registers without an engine; the outputs of a resource are its inputs. */
export async function register(program: () => void | Promise<void>, preview = false): Promise<Registration[]> {
  const registered: Registration[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs: inputs as Registration['inputs'] });
      return { id: `${name}-id`, state: inputs as object };
    },
    call: ({ inputs }) => inputs as object,
  }, 'project', 'stack', preview);
  await program();
  await settled();
  return registered;
}

/** Objects of Kubernetes among them, as plain data. */
export function objects(registered: readonly Registration[]): Array<{ readonly [field: string]: unknown }> {
  return registered.filter(({ type }) => type.startsWith('kubernetes:')).map(({ inputs }) => JSON.parse(JSON.stringify(inputs)) as { [field: string]: unknown });
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
