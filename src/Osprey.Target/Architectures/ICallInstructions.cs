namespace Osprey.Target.Architectures;

/// <summary>The call instructions of an architecture, as far as unwinding looks at them.</summary>
internal interface ICallInstructions
{
    /// <summary>The size in bytes of the shortest call.</summary>
    int ShortestCall { get; }

    /// <summary>The size in bytes of the longest call.</summary>
    int LongestCall { get; }

    /// <summary>The size in bytes of a call that names its target itself.</summary>
    int DirectCallSize { get; }

    /// <summary>Tells whether bytes can end with a call.</summary>
    bool EndsWithCall(ReadOnlySpan<byte> bytes);

    /// <summary>Computes the target of the call that bytes end with.</summary>
    /// <param name="bytes">The bytes in front of the return address.</param>
    /// <param name="returnAddress">The address behind the call.</param>
    /// <returns>Null when they do not end with a call that names its target itself.</returns>
    ulong? GetTarget(ReadOnlySpan<byte> bytes, ulong returnAddress);
}
