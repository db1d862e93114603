using System.Buffers.Binary;
using System.Globalization;
using Osprey.Symbols.Types;
using Osprey.Target.Memory;

namespace Osprey.Values.Printing;

/// <content>Pointers, references, functions, and the strings behind pointers.</content>
internal sealed partial class ValueTextWriter
{
    private void WriteFunction(Value value)
    {
        Append($"{{{TypeNames.Spell(value.Type)}}} ");
        if (value.Address is { } address)
            AppendAddress(value.Space, address);
        else
            Append("<optimized out>");
    }

    private void WriteReference(Value value, int depth, bool followed)
    {
        Value pointer = value.Reinterpret(BuiltinTypes.UnsignedLong);
        if (!pointer.TryReadInteger(out Int128 address, out ValueProblem? problem))
        {
            WriteProblem(problem);
            return;
        }

        _text.Append(CultureInfo.InvariantCulture, $"@0x{(ulong)address:x}");
        if (!followed)
            return;

        Append(": ");
        Write(value.Follow(), depth);
    }

    private void WritePointer(Value value, PointerType pointer)
    {
        if (!value.TryReadInteger(out Int128 number, out ValueProblem? problem))
        {
            WriteProblem(problem);
            return;
        }

        ulong address = unchecked((ulong)number);
        if (pointer.Kind == PointerKind.MemberPointer)
        {
            if (pointer.Target?.Stripped is FunctionType)
                WriteMemberFunctionPointer(value, address, number);
            else if (address == ulong.MaxValue)
                Append("NULL");
            else if (MemberPointerText.FindData(value.Space, pointer.Container, address) is { } member)
                Append($"&{member}");
            else
                Append(number.ToString(CultureInfo.InvariantCulture));

            return;
        }

        AppendAddress(value.Space, address);
        if (address != 0 && pointer.Target.IsCharacter && !options.Hex)
        {
            Append(" ");
            WriteString(value.Space, address, pointer.Target!);
        }
    }

    /// <summary>
    /// Writes a pointer to a member function: the function's address, and the number to add to the object's address.
    /// With bit 0 set it is an offset in the object's table of virtual functions instead.
    /// </summary>
    private void WriteMemberFunctionPointer(Value value, ulong address, Int128 number)
    {
        if (address == 0)
        {
            Append("NULL");
            return;
        }

        if ((address & 1) != 0)
        {
            ulong slot = address / sizeof(ulong);
            DebugType? container = (value.ResolvedType as PointerType)?.Container;
            if (MemberPointerText.FindVirtual(value.Space, container, slot) is { } function)
                Append($"&virtual {function}");
            else
                _text.Append(CultureInfo.InvariantCulture, $"&virtual table offset {slot}");

            WriteAdjustment(number);
            return;
        }

        Append($"({TypeNames.Spell(value.Type?.Stripped)}) ");
        AppendAddress(value.Space, address);
        WriteAdjustment(number);
    }

    private void WriteAdjustment(Int128 number)
    {
        if ((long)(number >> 64) is var adjustment and not 0)
            _text.Append(CultureInfo.InvariantCulture, $", this adjustment {adjustment}");
    }

    /// <summary>Writes the characters at an address up to a NUL or the limit.</summary>
    private void WriteString(ValueSpace space, ulong address, DebugType type)
    {
        int width = (int)(type.Size ?? 1);
        string prefix = type.CharacterPrefix;
        byte[] bytes = new byte[(long)options.MaxElements * width];
        int count = ReadUpTo(space.Memory, address, bytes) / width;
        uint[] codes = new uint[count];
        for (int i = 0; i < count; i++)
            codes[i] = ReadCode(bytes.AsSpan(i * width), width);

        int end = Array.IndexOf(codes, 0u);
        if (end < 0 && count < options.MaxElements)
        {
            // The memory ends before the string does.
            if (count > 0)
                CharacterText.AppendString(_text, codes, width, prefix, options.RepeatThreshold);

            WriteProblem(ValueProblem.Unreadable(unchecked(address + (ulong)(count * width))));
            return;
        }

        CharacterText.AppendString(
            _text,
            codes.AsSpan(0, end < 0 ? count : end),
            width,
            prefix,
            options.RepeatThreshold
        );
        if (end < 0)
            Append("...");
    }

    /// <summary>
    /// Reads page by page, so that a string at the end of mapped memory is read without touching the next page.
    /// </summary>
    private static int ReadUpTo(IMemoryReader memory, ulong address, Span<byte> buffer)
    {
        const ulong PageSize = 4096;
        int total = 0;
        while (total < buffer.Length)
        {
            ulong at = unchecked(address + (ulong)total);
            int wanted = (int)Math.Min((ulong)(buffer.Length - total), PageSize - (at % PageSize));
            int count = memory.Read(at, buffer.Slice(total, wanted));
            total += count;
            if (count < wanted)
                break;
        }

        return total;
    }

    private static uint ReadCode(ReadOnlySpan<byte> bytes, int width) =>
        width switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        };
}
