using System.Runtime.InteropServices;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>The terminal that the program was started from.</summary>
/// <remarks>
/// The class library's console would tell its size too, but switches the terminal to other codes for its arrow keys
/// when it is first asked, and never back.
/// </remarks>
internal static partial class Terminal
{
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ of Linux

    /// <summary>Its width in characters; null where it is not known.</summary>
    public static int? Width =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int columns) && columns > 0 ? columns
        : ReadSize() is { Columns: > 0 } size ? size.Columns
        : null;

    /// <summary>Its height in lines; null where it is not known.</summary>
    public static int? Height => ReadSize() is { Rows: > 0 } size ? size.Rows : null;

    /// <summary>The size of the terminal at standard output, else at standard error or input.</summary>
    private static WindowSize? ReadSize()
    {
        if (!OperatingSystem.IsLinux())
            return null;

        foreach (int descriptor in (ReadOnlySpan<int>)[1, 2, 0])
        {
            if (Control(descriptor, GetWindowSize, out WindowSize size) == 0)
                return size;
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, out WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
}
