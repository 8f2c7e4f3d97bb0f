'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { apiSend } from '#lib/contract/api-client.ts';
import type { ConnectionTestBody, ConnectionTestWire, connectionTestAnswer } from '#lib/contract/connection-test.ts';

export interface ConnectionTest {
  /** What the test of these very fields found; null before it, and once one of them is changed. */
  resultOf: (fields: ConnectionTestBody) => ConnectionTestWire | null;
  isTesting: boolean;
  /** Tests the fields, and whether they may be saved: nothing speaks against it, or a person has seen what does and saves all the same. Throws what the API refused. */
  mayAdd: (fields: ConnectionTestBody) => Promise<boolean>;
}

/** Whether a person is to see a result before the fields are saved: the login failed, or a project keeps it already and waits for a password that works. */
export const needsSecondPress = (result: ConnectionTestWire | null): boolean => result !== null && (!result.logs_in || result.unproven_project !== null);

/** Tries a login before it is saved. */
export function useConnectionTest(): ConnectionTest {
  const test = useMutation({ mutationFn: (body: ConnectionTestBody) => apiSend<typeof connectionTestAnswer>('POST', '/connection-tests', body) });
  const [tested, setTested] = useState<{ fields: string; result: ConnectionTestWire } | null>(null);
  const resultOf = (fields: ConnectionTestBody) => (tested?.fields === JSON.stringify(fields) ? tested.result : null);
  return {
    resultOf,
    isTesting: test.isPending,
    mayAdd: async (fields) => {
      if (resultOf(fields)) return true;
      const { connection_test: result } = await test.mutateAsync(fields);
      setTested({ fields: JSON.stringify(fields), result });
      return !needsSecondPress(result);
    },
  };
}
