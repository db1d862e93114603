using System.Runtime.InteropServices;

namespace Osprey.Tracing.Tests.Sampling;

/// <summary>A thread that may not open events of the kernel, as in a container: nor may those that it starts.</summary>
internal static unsafe partial class RestrictedThread
{
    private const int NoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    private const int Seccomp = 22; // PR_SET_SECCOMP
    private const int Filter = 2; // SECCOMP_MODE_FILTER

    private const ushort LoadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K
    private const uint Allow = 0x7fff_0000;
    private const uint Refuse = 0x0005_0000; // with the error number

    /// <summary>Runs something on such a thread.</summary>
    /// <param name="error">The error number that opening an event gives.</param>
    /// <param name="action">What to run.</param>
    public static void Run(int error, Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Restrict(error);
                action();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            throw new InvalidOperationException("on the restricted thread", failure);
    }

    private static void Restrict(int error)
    {
        uint call = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 298u : 241; // perf_event_open
        Instruction* program = stackalloc Instruction[]
        {
            new(LoadWord, 0, 0, 0), // the call's number
            new(JumpIfEqual, 0, 1, call),
            new(Return, 0, 0, Refuse | (uint)error),
            new(Return, 0, 0, Allow),
        };
        var filter = new FilterProgram { Length = 4, Instructions = program };
        Assert.Equal(0, Control(NoNewPrivileges, 1, 0, 0, 0));
        Assert.Equal(0, Control(Seccomp, Filter, (nint)(&filter), 0, 0));
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nint second, nint third, nint fourth, nint fifth);

    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    private struct FilterProgram
    {
        public ushort Length;
        public Instruction* Instructions;
    }
}
