using System.Runtime.InteropServices;

namespace Osprey.Binary;

/// <summary>Tells what a path leads to without opening it, which may wait for ever.</summary>
public static partial class FileKinds
{
    // statx(2): the buffer's size, and where in it the mode is.
    private const int BufferSize = 256;
    private const int ModeOffset = 28;
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint TypeMask = 1; // STATX_TYPE

    /// <summary>Finds the kind of a file; links are followed.</summary>
    public static FileKind Find(string path)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        buffer.Clear();
        try
        {
            if (StatX(CurrentFolder, path, 0, TypeMask, buffer) != 0)
                return FileKind.Unknown;
        }
        catch (EntryPointNotFoundException)
        {
            return FileKind.Unknown; // a C library from before 2018
        }

        return (MemoryMarshal.Read<ushort>(buffer[ModeOffset..]) & 0xf000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0x1000 => FileKind.Pipe,
            0xc000 => FileKind.Socket,
            0x2000 or 0x6000 => FileKind.Device,
            _ => FileKind.Unknown,
        };
    }

    /// <summary>Refuses what has no content that can be read at any place.</summary>
    /// <exception cref="IOException">It is a pipe or a socket.</exception>
    public static void RequireFile(string path)
    {
        FileKind kind = Find(path);
        if (kind is FileKind.Pipe or FileKind.Socket)
            throw new NotAFileException(
                path,
                $"expected a file, found a {(kind == FileKind.Pipe ? "pipe" : "socket")}"
            );
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> buffer);
}
