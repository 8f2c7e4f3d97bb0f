'use client';

import { useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { useFindPlaces } from '#components/data/integrations.ts';
import { PROVIDERS, type Provider } from '#components/data/providers.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import type { PlaceListWire } from '#lib/contract/integration.ts';
import type { ConnectValues } from './integration-values.ts';

interface PlaceFieldProps {
  projectId: string;
  provider: Provider;
  token: string;
  list: PlaceListWire;
  onList: (list: PlaceListWire) => void;
}

/** As many as the API lists at once. */
const FULL = 100;
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** One of the places that the token can change; where there are many, they are searched for by name. */
export function PlaceField({ projectId, provider, token, list, onList }: PlaceFieldProps) {
  const form = useFormContext<ConnectValues>();
  const { place, places, name } = PROVIDERS[provider];
  const [search, setSearch] = useState('');
  const [wasFull] = useState(list.places.length >= FULL);
  const find = useFindPlaces(projectId, provider);
  const look = () => find.mutate({ token, ...(search.trim() && { search: search.trim() }) }, { onSuccess: onList });
  return (
    <>
      {wasFull && (
        <Field label={`Find a ${place}`} error={find.error?.message} hint={`Only the first ${FULL} are listed.`}>
          <div className="flex gap-2">
            <Input
              value={search}
              autoComplete="off"
              onChange={(event) => setSearch(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                look();
              }}
            />
            <Button busy={find.isPending && `Searching ${name}`} onClick={look}>
              Find
            </Button>
          </div>
        </Field>
      )}
      <Field label={capital(place)} error={form.formState.errors.place?.message}>
        <Select {...form.register('place')}>
          <option value="">
            {list.places.length === 0 ? `No ${place} matches` : `Choose one of ${list.places.length} ${list.places.length === 1 ? place : places}`}
          </option>
          {list.places.map(({ external_id: id, name: placeName }) => (
            <option key={id} value={id}>
              {placeName}
            </option>
          ))}
        </Select>
      </Field>
    </>
  );
}
