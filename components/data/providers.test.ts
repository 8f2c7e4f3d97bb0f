import { expect, test } from 'vitest';
import { PROVIDER_NAMES, PROVIDERS, placeName, targetName } from './providers.ts';

test('every provider of the contract is offered, with an icon and a target from the start', () => {
  expect(Object.keys(PROVIDERS)).toEqual(PROVIDER_NAMES);
  for (const provider of PROVIDER_NAMES) {
    const { icon, name, targets } = PROVIDERS[provider];
    expect(icon, provider).toBeDefined();
    expect(targets.some(({ isDefault }) => isDefault)).toBe(true);
    expect(placeName({ provider, name: 'shop' })).toBe(`${name} · shop`);
    for (const { value, label } of targets) expect(targetName(provider, value)).toBe(label);
  }
});
