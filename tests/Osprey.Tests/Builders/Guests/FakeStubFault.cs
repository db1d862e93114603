namespace Osprey.Tests.Builders.Guests;

/// <summary>The faults, or unusual behaviour, that a <see cref="FakeStub"/> shows with one request.</summary>
internal enum FakeStubFault
{
    /// <summary>Sends its reply with a wrong checksum; when the client refuses it, sends it again correctly.</summary>
    WrongChecksum,

    /// <summary>Reports that the request arrived damaged, and does nothing.</summary>
    Refuse,

    /// <summary>Takes the request and never answers.</summary>
    Silence,

    /// <summary>Answers when the next byte arrives.</summary>
    Late,

    /// <summary>Closes the connection in the middle of its reply.</summary>
    Cut,

    /// <summary>Sends meaningless bytes before its reply.</summary>
    Garbage,

    /// <summary>Sends a notification before its reply.</summary>
    Notification,

    /// <summary>Sends a stop packet before its reply.</summary>
    Stop,

    /// <summary>Sends a message that the program ended instead of a reply.</summary>
    Exit,

    /// <summary>Answers with an error, as QEMU does to a watchpoint at the end of the address space.</summary>
    Error,

    /// <summary>Sends its reply with run-length encoding.</summary>
    RunLength,

    /// <summary>Sends a reply of three million bytes.</summary>
    Oversized,

    /// <summary>Sends a reply with half of the data.</summary>
    Half,

    /// <summary>
    /// Behaves as if somebody had let the guest run: the first byte stops the guest, a stop packet comes, and the
    /// request is lost.
    /// </summary>
    RanMeanwhile,

    /// <summary>The same as QEMU does it from 8.1 on: no stop packet comes, nor an acknowledgement.</summary>
    RanMeanwhileSilently,
}
