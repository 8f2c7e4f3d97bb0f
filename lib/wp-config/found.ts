/** Where a file holds the password, in bytes, and which. */
export interface Found {
  start: number;
  end: number;
  password: string;
}
