using System.Runtime.InteropServices;

namespace Osprey.Probes.Native;

/// <summary>The calls of Linux's C library that the framework has no method for.</summary>
internal static unsafe partial class Libc
{
    public const int NoSuchProcess = 3; // ESRCH
    public const int Interrupted = 4; // EINTR
    public const int NoChild = 10; // ECHILD
    public const int TooManyFiles = 24; // EMFILE
    public const int PerfEventOpen = 298; // SYS_perf_event_open of x86-64
    public const int CompareResources = 312; // SYS_kcmp of x86-64

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    public static partial nint Trace(nint request, nint threadId, nint address, nint data);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitFor(int processId, int* status, int options);

    [LibraryImport("libc", EntryPoint = "tgkill", SetLastError = true)]
    public static partial int Signal(int processId, int threadId, int signal);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Call(nint number, nint a, nint b, nint c, nint d, nint e);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int file, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nuint size, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(nint address, nuint size);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);
}
