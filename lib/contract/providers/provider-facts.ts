interface TargetChoice {
  value: string;
  label: string;
  /** Chosen from the start. */
  isDefault?: true;
  /** Goes with the switch for preview branches. */
  isPreview?: true;
}

/** What both sides of the wire know of a provider. What differs between providers is stated here, and nowhere switched on a name. */
export interface ProviderFacts {
  name: string;
  /** With what exactly is connected. */
  fullName: string;
  /** A neutral shape, for its icon. */
  shape: 'triangle' | 'diamond' | 'branch' | 'box';
  /** What is picked from the list. */
  place: string;
  places: string;
  /** What a variable is called there. */
  variable: 'variable' | 'secret';
  tokenHint: string;
  /** What the switch for preview branches does; empty where there is none. */
  previewHint: string;
  /** The targets that every place has, in the provider's words. */
  targets: readonly TargetChoice[];
  /** Names of variables that it keeps for itself. */
  reservedNames?: { pattern: RegExp; advice: string };
  /** How a new deployment is begun. */
  redeploy: {
    /** Where it has deploy hooks: what a person is told about theirs. */
    hook?: { hint: string; example: string };
    /** By its API; `workflow`: it has to be told which workflow deploys, and may be told the branch. */
    api?: { needs: 'nothing' | 'workflow' };
  };
}
