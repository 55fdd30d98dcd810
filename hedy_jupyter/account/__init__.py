"""``Hedy``, the public class of an account: reads, writes, records and how they are shown."""
