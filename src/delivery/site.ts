/** The public site of what is published here: who publishes it, and where it and this server are. */
export interface Site {
  /** The address of this server, without a slash at its end. */
  origin: string
  /** The publisher's name, or the host of the site where nobody has named it. */
  name: string
  /** The page that the site begins with. */
  homeUrl: string
  /** The publisher as it has been named, for those who would rather say nothing than a host. */
  publisher: { name: string; url: string } | undefined
}
