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
  /** The provider's own word for a variable. */
  variable: 'variable' | 'secret';
  tokenHint: string;
  /** What the switch for preview branches does; empty where there is none. */
  previewHint: string;
  /** The targets that every place has, in the provider's words. */
  targets: readonly TargetChoice[];
  /** Names of variables that it keeps for itself. */
  reservedNames?: { pattern: RegExp; advice: string };
  /** How a new deployment is started. */
  redeploy: {
    /** Set if the provider has deploy hooks: the hint and the example at the field for the hook's URL. */
    hook?: { hint: string; example: string };
    /** Set if its API starts deployments. `workflow`: it needs the name of the workflow, and accepts a branch. */
    api?: { needs: 'nothing' | 'workflow' };
  };
}
