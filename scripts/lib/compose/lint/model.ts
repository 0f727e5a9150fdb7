import { parse } from 'yaml';
import { z } from 'zod';

/** docker-compose.yml with every profile, as `docker compose config --format json` gives it. */
export interface Config extends z.infer<typeof CONFIG> {
  /** What the file itself names: compose leaves out what nobody uses. */
  declared: { volumes: string[]; networks: string[] };
}
export type Service = Config['services'][string];

const SERVICE = z.looseObject({
  image: z.string().default(''),
  profiles: z.array(z.string()).default([]),
  build: z
    .looseObject({ context: z.string(), dockerfile: z.string(), target: z.string().optional() })
    .optional(),
  command: z.array(z.string()).nullish(),
  environment: z.record(z.string(), z.string().nullable()).default({}),
  depends_on: z.record(z.string(), z.looseObject({ condition: z.string() })).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()), disable: z.boolean().optional() }).optional(),
  restart: z.string().optional(),
  init: z.boolean().default(false),
  user: z.string().default(''),
  read_only: z.boolean().default(false),
  privileged: z.boolean().default(false),
  cap_add: z.array(z.string()).default([]),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  network_mode: z.string().optional(),
  pid: z.string().optional(),
  ipc: z.string().optional(),
  logging: z.looseObject({ options: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  networks: z.record(z.string(), z.unknown()).default({}),
  ports: z
    .array(z.looseObject({ host_ip: z.string().default(''), published: z.coerce.number() }))
    .default([]),
  volumes: z.array(z.looseObject({ type: z.string(), source: z.string().default('') })).default([]),
  deploy: z
    .looseObject({
      resources: z.looseObject({
        limits: z
          .looseObject({
            cpus: z.coerce.number().default(0),
            memory: z.coerce.number().default(0),
            pids: z.coerce.number().default(0),
          })
          .optional(),
      }),
    })
    .optional(),
});

const CONFIG = z.looseObject({
  services: z.record(z.string(), SERVICE),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() }).nullable()).default({}),
});
const SOURCE = z.looseObject({
  volumes: z.record(z.string(), z.unknown()).default({}),
  networks: z.record(z.string(), z.unknown()).default({}),
});

/** From what compose printed and the file itself. */
export function parseConfig(json: string, source: string): Config {
  const { volumes, networks } = SOURCE.parse(parse(source, { merge: true }));
  return {
    ...CONFIG.parse(JSON.parse(json)),
    declared: { volumes: Object.keys(volumes), networks: Object.keys(networks) },
  };
}

export function limitsOf(service: Service): { cpus: number; memory: number; pids: number } {
  return service.deploy?.resources.limits ?? { cpus: 0, memory: 0, pids: 0 };
}

/** Runs once and ends. */
export function isOneShot({ restart }: Service): boolean {
  return restart === 'no';
}

/** Services that are there instead of each other, never together. */
export function areAlternatives(a: Service, b: Service): boolean {
  return (
    a.profiles.length > 0 && b.profiles.length > 0 && !a.profiles.some((one) => b.profiles.includes(one))
  );
}
