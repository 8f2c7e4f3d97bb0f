'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { apiSend } from '#lib/http/api-client.ts';
import { type ConnectionTestBody, type ConnectionTestWire, connectionTestAnswer } from '#lib/http/wire/connection-test.ts';

export interface ConnectionTest {
  /** What the test of these very fields found; null before it, and once one of them is changed. */
  resultOf: (fields: ConnectionTestBody) => ConnectionTestWire | null;
  isTesting: boolean;
  /** Tests the fields, and whether they may be saved: the password logged in, or a person has seen that it did not and saves all the same. Throws what the API refused. */
  mayAdd: (fields: ConnectionTestBody) => Promise<boolean>;
}

/** Tries a login before it is saved. */
export function useConnectionTest(): ConnectionTest {
  const test = useMutation({ mutationFn: (body: ConnectionTestBody) => apiSend('POST', '/connection-tests', body, connectionTestAnswer) });
  const [tested, setTested] = useState<{ fields: string; result: ConnectionTestWire } | null>(null);
  const resultOf = (fields: ConnectionTestBody) => (tested?.fields === JSON.stringify(fields) ? tested.result : null);
  return {
    resultOf,
    isTesting: test.isPending,
    mayAdd: async (fields) => {
      if (resultOf(fields)) return true;
      const { connection_test: result } = await test.mutateAsync(fields);
      setTested({ fields: JSON.stringify(fields), result });
      return result.logs_in;
    },
  };
}
