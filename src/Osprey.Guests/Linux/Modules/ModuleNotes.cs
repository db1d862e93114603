using System.Buffers.Binary;
using Osprey.Values;

namespace Osprey.Guests.Linux.Modules;

/// <summary>The build-id of a module's file, which is in one of the notes that the kernel shows in sysfs.</summary>
/// <remarks>
/// <c>notes_attrs</c> has an attribute for each section of notes, with its address (<c>private</c>) and size. The note
/// is one for programs (gabi+): sizes of name and contents, type 3 of the owner "GNU".
/// </remarks>
internal static class ModuleNotes
{
    private const int MaxNotes = 64;
    private const int HeaderSize = 16;
    private const int MaxBuildId = 64;
    private const uint BuildIdType = 3; // NT_GNU_BUILD_ID

    /// <summary>Finds it, in hexadecimal digits; null when the kernel does not have it.</summary>
    public static string? FindBuildId(Value module)
    {
        // With CONFIG_STACKTRACE_BUILD_ID the module has it itself.
        if (module.Member("build_id") is { Size: > 0 and <= MaxBuildId and var size } own)
        {
            byte[] bytes = new byte[size];
            if (own.ReadBytes(bytes) is null && bytes.AsSpan().ContainsAnyExcept((byte)0))
                return Convert.ToHexStringLower(bytes);
        }

        if (module.Member("notes_attrs")?.Dereference() is not { } notes || notes.Member("attrs")?.Address is null)
            return null;

        // Since 6.14 the number of attributes is not kept: a list of pointers ends with a null one.
        ulong count =
            notes.Member("notes") is { } number && number.TryGetUInt64(out ulong found)
                ? Math.Min(found, MaxNotes)
                : MaxNotes;
        Value? list = notes.Path("grp", "bin_attrs") ?? notes.Path("grp", "bin_attrs_new");
        for (int i = 0; i < (int)count; i++)
        {
            Value? attribute = list is null ? notes.Member("attrs")?.Index(i) : list.Index(i)?.Dereference();
            if (attribute?.Address is not > 0)
                return null;

            if (
                attribute.Member("private") is { } start
                && start.TryGetUInt64(out ulong address)
                && attribute.Member("size") is { } length
                && length.TryGetUInt64(out ulong bytes)
                && ReadBuildId(module.Space, address, bytes) is { } id
            )
                return id;
        }

        return null;
    }

    private static string? ReadBuildId(ValueSpace space, ulong address, ulong size)
    {
        if (size is <= HeaderSize or > HeaderSize + MaxBuildId)
            return null;

        Span<byte> note = stackalloc byte[(int)size];
        if (
            space.Memory.Read(address, note) < note.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(note) != 4
            || BinaryPrimitives.ReadUInt32LittleEndian(note[8..]) != BuildIdType
            || !note[12..16].SequenceEqual("GNU\0"u8)
        )
            return null;

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(note[4..]);
        return length > 0 && length <= (uint)(note.Length - HeaderSize)
            ? Convert.ToHexStringLower(note.Slice(HeaderSize, (int)length))
            : null;
    }
}
