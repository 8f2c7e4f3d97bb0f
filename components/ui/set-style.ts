/**
 * A ref that sets styles which depend on data, such as `{ width: '40%' }` or `{ '--steps': '5' }`. The Content-Security-Policy
 * refuses style attributes in the HTML that the server renders; through the CSSOM they are allowed.
 */
export const setStyle = (styles: Record<string, string>) => (element: HTMLElement | null) => {
  for (const [name, value] of Object.entries(styles)) element?.style.setProperty(name, value);
};
