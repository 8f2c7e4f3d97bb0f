/** Test files that take a minute or more, by themselves or together: they begin first, and `npm run check:fast` leaves them to `npm test`. */
export const isLong = (path: string): boolean =>
  /\/(lib\/rotation\/crash|lib\/kernel\/clock\.|workers\/idle\.|scripts\/lab\/(attack|compatibility|soak)\/)[^/]*$/.test(path);
