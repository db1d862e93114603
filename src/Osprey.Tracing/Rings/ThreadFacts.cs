using System.Runtime.InteropServices;

namespace Osprey.Tracing.Rings;

/// <summary>The facts of a thread that its records carry, in native memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ThreadFacts
{
    /// <summary>The operating system's number of the thread.</summary>
    public ulong Id;

    /// <summary>The first half of the name, which is padded with zeros and ends in one.</summary>
    public ulong NameStart;

    /// <summary>The second half.</summary>
    public ulong NameEnd;

    /// <summary>The end of the thread's stack; 0 when it is not known.</summary>
    public ulong StackEnd;

    /// <summary>The number of records after which the name is read again, since a thread may be renamed.</summary>
    public int UsesLeft;
}
