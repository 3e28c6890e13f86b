/** A room that is down blanks what it serves, and names itself; everything else on the page stays as it was. */
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Room } from '@souk/kit/room/room';
import type { Router } from '@souk/router/create';
import {
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { type Keys, schemaOf } from '../crawl.ts';
import { supergraphSdl } from '../files.ts';
import type { OpenHouse } from '../open-house.ts';
import { budgetedOperations, runAs, variablesOf } from '../registered.ts';

type Path = (string | number)[];

export function promiseOutage(rooms: readonly Room[], house: () => OpenHouse, keys: Keys): void {
  const queries = budgetedOperations().filter(({ kind, budget }) => kind === 'query' && budget);
  const schema = clientSchema();
  let healthy: Router;
  beforeAll(async () => {
    healthy = await house().openRouter();
  });
  afterAll(() => healthy?.stop());

  describe.each(rooms.map((room) => [room.name, room] as const))('without %s', (down, room) => {
    let broken: Router;
    beforeAll(async () => {
      broken = await house().openRouter({
        [down]: async () => {
          throw new Error('the room is down');
        },
      });
    });
    afterAll(() => broken?.stop());

    test.each(queries.map((operation) => [operation.name, operation] as const))(
      '%s loses nothing but its fields',
      async (_, { text, budget }) => {
        const variables = variablesOf(budget!, keys);
        // Who signs in does so while everything is up.
        await runAs(healthy.handler, budget!.as, '{ __typename }', {});
        const whole = await runAs(healthy.handler, budget!.as, text, variables);
        const rest = await runAs(broken.handler, budget!.as, text, variables);

        const lost = differences(whole.data, rest.data);
        const served = fieldsServedBy(room, text, schema);
        const strays = lost.filter(({ path, now }) => now !== null || !served.has(namesOf(path)));
        expect(strays).toEqual([]);
        for (const { path, extensions } of rest.errors) {
          expect({ path, service: extensions.service, code: extensions.code }).toMatchObject({
            service: down,
          });
        }
        // Something was lost exactly when it was told.
        expect(rest.errors.length > 0).toBe(lost.length > 0);
      },
    );
  });
}

/** What clients see of the supergraph. */
function clientSchema(): GraphQLSchema {
  const supergraph = Supergraph.build(supergraphSdl, {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  });
  return supergraph.apiSchema().toGraphQLJSSchema();
}

/** The topmost places at which two answers differ. */
function differences(before: unknown, now: unknown, path: Path = []): { path: Path; now: unknown }[] {
  if (typeof before !== 'object' || before === null || typeof now !== 'object' || now === null) {
    return Object.is(before, now) ? [] : [{ path, now }];
  }
  return Object.entries(before).flatMap(([key, value]) => {
    const part = Array.isArray(before) ? Number(key) : key;
    return differences(value, (now as Record<string, unknown>)[key], [...path, part]);
  });
}

const namesOf = (path: Path) => path.filter((part) => typeof part === 'string').join('.');

/** By response path: what the room serves, and what holds nothing that anybody else serves. */
function fieldsServedBy(room: Room, operation: string, schema: GraphQLSchema): Set<string> {
  const own = schemaOf(room);
  const served = new Set<string>();
  const path: string[] = [];
  const typeInfo = new TypeInfo(schema);
  visit(
    parse(operation),
    visitWithTypeInfo(typeInfo, {
      Field: {
        enter: ({ name, alias }) => {
          path.push(alias?.value ?? name.value);
          const parent = typeInfo.getParentType();
          const type = typeInfo.getType();
          const inRoom = parent && own.getType(parent.name);
          const has = (isObjectType(inRoom) || isInterfaceType(inRoom)) && name.value in inRoom.getFields();
          // A stub that another room points at is gone with all of its fields, should they not be nullable.
          const target = type && own.getType(getNamedType(type).name);
          if (has || (isObjectType(target) && 'id' in target.getFields())) served.add(path.join('.'));
        },
        leave: () => {
          path.pop();
        },
      },
    }),
  );
  return served;
}
