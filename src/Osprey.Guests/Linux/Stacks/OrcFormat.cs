namespace Osprey.Guests.Linux.Stacks;

/// <summary>The meaning of the bits in an entry of ORC, which has changed three times.</summary>
internal enum OrcFormat
{
    /// <summary>Types from 0, and a bit for the end of the stack: up to Linux 6.2.</summary>
    End,

    /// <summary>The same, with a bit for "interrupted" before the one for the end: Linux 6.3.</summary>
    SignalAndEnd,

    /// <summary>Types that have the end among them, and a bit for "interrupted": from Linux 6.4 on.</summary>
    Types,

    /// <summary>The same with other numbers for the registers: seen in Linux 7.2.</summary>
    Renumbered,
}
