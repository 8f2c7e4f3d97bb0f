/** The words of a search, in lower case: each must stand in the name, the role or the host of a project. */
export const wordsOf = (search: string | undefined): string[] => search?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
