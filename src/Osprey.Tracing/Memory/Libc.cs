using System.Runtime.InteropServices;

namespace Osprey.Tracing.Memory;

/// <summary>The calls of Linux's C library that the framework has no method for.</summary>
internal static unsafe partial class Libc
{
    public const int ProtectionRead = 1;
    public const int ProtectionWrite = 2;
    public const int ProtectionExecute = 4;
    public const int MapShared = 1;
    public const int MapPrivate = 2;
    public const int MapAnonymous = 0x20;
    public const int GetName = 16; // PR_GET_NAME
    public const int TooManyFiles = 24; // EMFILE
    public const int ConfiguredProcessors = 83; // _SC_NPROCESSORS_CONF

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    public static partial int SetFileSize(int file, long size);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "mmap")]
    public static partial nint Map(nint address, nuint size, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    public static partial int Protect(nint address, nuint size, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(nint address, nuint size);

    [LibraryImport("libc", EntryPoint = "prctl")]
    public static partial int ProcessControl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint CallSystem(nint number, nint a, nint b, nint c, nint d, nint e);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int ControlDevice(int file, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "gettid")]
    public static partial int GetThreadId();

    [LibraryImport("libc", EntryPoint = "sysconf")]
    public static partial long GetConfiguration(int name);

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    public static partial nint GetThread();

    [LibraryImport("libc", EntryPoint = "pthread_getattr_np")]
    public static partial int GetThreadAttributes(nint thread, byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_attr_getstack")]
    public static partial int GetStack(byte* attributes, out nint low, out nuint size);

    [LibraryImport("libc", EntryPoint = "pthread_attr_destroy")]
    public static partial int DestroyAttributes(byte* attributes);
}
