namespace Osprey.Tests.Builders.Guests;

/// <summary>What a <see cref="FakeStub"/> does wrong, or unexpected, with one request.</summary>
internal enum FakeStubFault
{
    /// <summary>Its reply has a wrong checksum; when that is refused, it comes again as it should.</summary>
    WrongChecksum,

    /// <summary>Says that the request arrived broken, and does nothing.</summary>
    Refuse,

    /// <summary>Takes the request and never answers.</summary>
    Silence,

    /// <summary>Answers when the next byte arrives.</summary>
    Late,

    /// <summary>Hangs up in the middle of its reply.</summary>
    Cut,

    /// <summary>Sends bytes that are nothing before its reply.</summary>
    Garbage,

    /// <summary>Sends a notification before its reply.</summary>
    Notification,

    /// <summary>Sends a stop packet before its reply.</summary>
    Stop,

    /// <summary>Sends that the program ended instead of a reply.</summary>
    Exit,

    /// <summary>Writes its reply with runs.</summary>
    RunLength,

    /// <summary>Sends a reply of three million bytes.</summary>
    Oversized,

    /// <summary>Its reply has half of the data.</summary>
    Half,

    /// <summary>
    /// Somebody let the guest run: the first byte stops it, a stop packet comes, and the request is lost.
    /// </summary>
    RanMeanwhile,
}
