using System.Runtime.InteropServices;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>The three streams that a program is started with.</summary>
internal static partial class StandardStreams
{
    private const int Count = 3;
    private const int GetFlags = 1; // F_GETFD
    private const int CloseOnExec = 1; // FD_CLOEXEC
    private const int ReadWrite = 2; // O_RDWR
    private const int FileSizeSignal = 25; // SIGXFSZ
    private const nint Ignore = 1; // SIG_IGN

    /// <summary>
    /// Tells whether the program was started without standard input. Its number may have been given to a file that .NET
    /// opened before us, such as <c>/dev/urandom</c>: a file that is to be closed when another program is started was
    /// not there when this one was.
    /// </summary>
    private static readonly bool s_hasNoInput = Control(0, GetFlags) is < 0 or CloseOnExec;

    /// <summary>Opens standard input; it is empty when the program was started without one.</summary>
    public static Stream OpenInput() => s_hasNoInput ? Stream.Null : Console.OpenStandardInput();

    /// <summary>Reads a line of standard input; null at its end.</summary>
    public static string? ReadLine() => s_hasNoInput ? null : Console.In.ReadLine();

    /// <summary>
    /// Opens <c>/dev/null</c> in place of those that are closed. Else the next file that is opened takes the number of
    /// one, and gets what is written to it: a socket of a guest, or the pipe by which .NET passes on signals.
    /// </summary>
    public static void Complete()
    {
        _ = s_hasNoInput; // before its number is given to another file
        for (int descriptor = 0; descriptor < Count; descriptor++)
        {
            // The lowest number that is free is the one that is given.
            if (Control(descriptor, GetFlags) < 0 && Open("/dev/null", ReadWrite) < 0)
                return;
        }
    }

    /// <summary>
    /// Has a write that would make a file larger than the user may have (ulimit -f) fail, not end the program: a guest
    /// that is paused meanwhile has to run again.
    /// </summary>
    public static void SurviveSizeLimit() => _ = SetHandler(FileSizeSignal, Ignore);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
