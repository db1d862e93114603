namespace Osprey.Target;

/// <summary>The reason of a <see cref="TargetException"/>, for front ends to choose their advice by.</summary>
public enum TargetProblem
{
    /// <summary>Another one than those below: the message says all there is to say.</summary>
    Other,

    /// <summary>No guest runs under QEMU on this host.</summary>
    NoGuest,

    /// <summary>Several guests run on this host, and none was chosen. The names are theirs.</summary>
    SeveralGuests,

    /// <summary>No guest of this host has the name.</summary>
    NoSuchGuest,

    /// <summary>Several guests of this host have the name. The names are their processes.</summary>
    AmbiguousGuestName,

    /// <summary>There is no process of that number, or it is no guest that can be read.</summary>
    NoSuchProcess,

    /// <summary>The guest ended, before it was read or meanwhile.</summary>
    GuestEnded,

    /// <summary>The user may not see the process of the guest.</summary>
    NotPermitted,

    /// <summary>The user may not read the memory of the guest's process.</summary>
    MemoryNotPermitted,

    /// <summary>The user may not connect to QEMU's QMP socket.</summary>
    QmpNotPermitted,

    /// <summary>QEMU has no QMP socket that could be reached.</summary>
    NoQmp,

    /// <summary>QMP accepts the connection, or may have, and does not answer.</summary>
    QmpSilent,

    /// <summary>Another program is connected to QEMU's QMP socket, which serves one at a time.</summary>
    QmpBusy,

    /// <summary>Nobody listens at the address of a QMP socket, or it can't be connected to.</summary>
    NoQmpServer,

    /// <summary>An answer of QMP is not what the protocol has: another program may listen there.</summary>
    QmpNotUnderstood,

    /// <summary>The QMP socket that was named belongs to another guest.</summary>
    QmpOfAnotherGuest,

    /// <summary>A text is not the address of a QMP socket.</summary>
    MalformedQmpAddress,

    /// <summary>The guest's process is stopped, as by SIGSTOP. The process is named.</summary>
    ProcessStopped,

    /// <summary>QEMU ended the connection to QMP.</summary>
    QmpLost,

    /// <summary>The guest was paused and could not be resumed.</summary>
    NotResumed,

    /// <summary>A text is not the address of a gdb stub.</summary>
    MalformedStubAddress,

    /// <summary>Nobody listens at the address of a gdb stub.</summary>
    NoStub,

    /// <summary>Another program is connected to the gdb stub, which serves one at a time.</summary>
    StubBusy,

    /// <summary>The gdb stub does not answer: it accepted the connection, or may have.</summary>
    StubSilent,

    /// <summary>The gdb stub lists no vCPU, or vCPUs of several clusters.</summary>
    UnsupportedCpus,

    /// <summary>The guest's architecture is not one that can be read.</summary>
    UnsupportedArchitecture,

    /// <summary>The guest has no vCPU of that number. The vCPU is the one that was asked for.</summary>
    NoSuchCpu,

    /// <summary>A core file can't be opened.</summary>
    CoreNotOpened,

    /// <summary>A core file holds no registers.</summary>
    NoRegisters,

    /// <summary>A file is not the memory of a guest.</summary>
    NotAGuestCore,

    /// <summary>A core file is compressed as a whole, by a program such as gzip.</summary>
    CompressedCore,

    /// <summary>A core file is compressed in a way that can't be read.</summary>
    UnsupportedCompression,

    /// <summary>It is not known where the page tables are.</summary>
    PageTablesUnknown,

    /// <summary>An ELF file is another build than what runs in the guest.</summary>
    OtherBuild,

    /// <summary>A stack has no frame of that number. The vCPU is the stack's.</summary>
    NoSuchFrame,

    /// <summary>The named value is no set of saved registers, or lacks those that a stack needs.</summary>
    NoSavedRegisters,

    /// <summary>The ability was not allowed when the guest was reached.</summary>
    NotAllowed,

    /// <summary>This way to the guest does not have the ability.</summary>
    NotSupported,

    /// <summary>QMP can only stop a guest and let it run: the rest needs its gdb stub.</summary>
    StubNeeded,

    /// <summary>The guest does not stop when it is told to.</summary>
    DoesNotStop,

    /// <summary>A write would reach addresses that are not RAM.</summary>
    NotRam,

    /// <summary>The memory of the guest's process can't be written.</summary>
    MemoryNotWritten,

    /// <summary>The guest is paused while it is read, and can't be let run or stopped meanwhile.</summary>
    BeingRead,

    /// <summary>The connection to the guest was given up before.</summary>
    LetGo,

    /// <summary>QEMU refused a command of QMP, or did not carry it out.</summary>
    CommandFailed,

    /// <summary>The gdb stub refused a request, or its answer makes no sense.</summary>
    StubFailed,

    /// <summary>QEMU's monitor gave an answer that can't be read.</summary>
    MonitorNotUnderstood,

    /// <summary>The kernel was built without what the question is about.</summary>
    NotConfigured,

    /// <summary>A structure of the kernel is not one that can be read: its types differ from all known ones.</summary>
    NotUnderstood,

    /// <summary>The ELF file of the guest's kernel is not known.</summary>
    KernelUnknown,

    /// <summary>The guest has no such thread.</summary>
    NoSuchThread,

    /// <summary>The guest's operating system can't be asked this, or none was recognised.</summary>
    NotAnswered,

    /// <summary>The guest's programs have no such variable, or it has no such part.</summary>
    NoSuchVariable,

    /// <summary>The guest has no drive of that name, or several. The names are those that it has.</summary>
    NoSuchDrive,

    /// <summary>A drive has no blkdebug filter, so that it can have no breakpoint.</summary>
    NoBlockFilter,

    /// <summary>
    /// QEMU puts no filter into a drive while it runs. The name is the command line to start it with.
    /// </summary>
    BlockFilterRefused,

    /// <summary>This QEMU has no such event of block drivers.</summary>
    NoSuchBlockEvent,

    /// <summary>There is no breakpoint of that tag in a block driver.</summary>
    NoSuchBlockBreakpoint,

    /// <summary>
    /// A request of a drive is suspended, and QEMU would wait for it for ever. The names are the tags.
    /// </summary>
    RequestSuspended,

    /// <summary>There is no process of that number, or it has no tracing that can be read.</summary>
    NoSuchProgram,

    /// <summary>The user may not read the memory of a process.</summary>
    ProcessNotPermitted,
}
