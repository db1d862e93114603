using System.Buffers.Binary;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Files;

/// <summary>Reads the table of a process's open files: an array of pointers, and bits for what exec closes.</summary>
internal sealed class LinuxFileTable
{
    private const ulong MaxFiles = 1 << 20; // the usual limit of fs.nr_open
    private const int Piece = 512;

    private readonly IMemoryReader _memory;
    private readonly LinuxField _table;
    private readonly LinuxStruct _layout;
    private readonly LinuxField _count;
    private readonly LinuxField _files;
    private readonly LinuxField? _closed;

    /// <exception cref="TargetException">The kernel's types are not known, or not understood.</exception>
    public LinuxFileTable(GuestKernel kernel)
    {
        _memory = kernel.Values.Memory;
        _table = new LinuxStruct(kernel, "struct files_struct").Require("fdt");
        _layout = new LinuxStruct(kernel, "struct fdtable");
        _count = _layout.Require("max_fds");
        _files = _layout.Require("fd");
        _closed = _layout.Find("close_on_exec");
    }

    /// <summary>Reads the table that a <c>files_struct</c> leads to; changes when the kernel makes it larger.</summary>
    public ulong? Find(ulong files) =>
        LinuxStruct.IsKernelAddress(files) && _table.Read(_memory, files) is { } table ? table : null;

    /// <summary>Gives the numbers and addresses of open files, and whether exec closes each.</summary>
    /// <param name="files">The <c>files_struct</c>.</param>
    /// <param name="addDefect">Takes the reasons why some are missing.</param>
    public IEnumerable<(int Number, ulong File, bool IsClosedOnExec)> Enumerate(ulong files, Action<string> addDefect)
    {
        if (Find(files) is not { } table || !TryReadTable(table, out ulong count, out ulong start, out ulong closed))
        {
            addDefect("the table of open files can't be read");
            yield break;
        }

        if (count > MaxFiles)
        {
            addDefect($"the table of open files has {count} entries: only {MaxFiles} are looked at");
            count = MaxFiles;
        }

        byte[] pointers = new byte[Piece * sizeof(ulong)];
        byte[] bits = new byte[Piece / 8];
        for (ulong first = 0; first < count; first += Piece)
        {
            int inPiece = (int)Math.Min(Piece, count - first);
            if (
                !_memory.TryRead(
                    unchecked(start + (first * sizeof(ulong))),
                    pointers.AsSpan(0, inPiece * sizeof(ulong))
                )
            )
            {
                addDefect($"the table of open files can't be read from number {first} on");
                yield break;
            }

            // Tables have a multiple of 64 entries; a part of the bits is not needed to know what is open.
            bool hasBits = closed != 0 && _memory.TryRead(unchecked(closed + (first / 8)), bits);
            for (int i = 0; i < inPiece; i++)
            {
                ulong file = BinaryPrimitives.ReadUInt64LittleEndian(pointers.AsSpan(i * sizeof(ulong)));
                if (file != 0)
                    yield return ((int)first + i, file, hasBits && (bits[i / 8] >> (i % 8) & 1) != 0);
            }
        }
    }

    private bool TryReadTable(ulong table, out ulong count, out ulong start, out ulong closed)
    {
        bool isRead = _layout.TryCopy(table, out ReadOnlySpan<byte> copy);
        count = isRead ? _count.Get(copy) ?? 0 : 0;
        start = isRead ? _files.Get(copy) ?? 0 : 0;
        closed = isRead ? _closed?.Get(copy) ?? 0 : 0;
        return isRead && LinuxStruct.IsKernelAddress(start);
    }
}
