using System.Globalization;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Values.Printing;

/// <content>Arrays, structs and unions.</content>
internal sealed partial class ValueTextWriter
{
    private const string Hidden = "{...}";

    private void WriteArray(Value value, ArrayType array, int depth)
    {
        ulong size = value.Space.GetSize(array.Element) ?? 0;
        if (array.Count is not { } count)
        {
            if (!TryWriteStart(value, array.Element))
                Append("<incomplete sequence>");

            return;
        }

        // An array of no elements at the end of a struct is an older way to declare elements that follow the struct.
        if ((count == 0 || size == 0) && TryWriteStart(value, array.Element))
            return;

        value = value.Fetch();
        if (size > 0 && count > 0 && array.Element.IsCharacter && !array.IsVector && !options.Hex)
        {
            WriteCharacters(value, array.Element, count);
            return;
        }

        if (depth >= options.MaxDepth)
        {
            Append(Hidden);
            return;
        }

        // If the first element cannot be read, that is written once, not for each element.
        if (count > 0 && size > 0 && value.ReadBytes(new byte[(int)Math.Min(size, Value.MaxFetch)]) is { } problem)
        {
            WriteProblem(problem);
            return;
        }

        bool wasInVector = _isInVector;
        _isInVector = array.IsVector;
        Append("{");
        WriteElements(count, index => value.At(unchecked(index * size), array.Element), size, depth);
        Append("}");
        _isInVector = wasInVector;
    }

    /// <summary>Writes the address of an array of unknown length, as a pointer to its first element.</summary>
    private bool TryWriteStart(Value value, DebugType element)
    {
        if (value.Address is not { } address)
            return false;

        AppendAddress(value.Space, address);
        if (address != 0 && element.IsCharacter && !options.Hex)
        {
            Append(" ");
            WriteString(value.Space, address, element);
        }

        return true;
    }

    private void WriteElements(ulong count, Func<ulong, Value> getElement, ulong size, int depth)
    {
        ulong written = 0;
        ulong index = 0;
        while (index < count && written < (ulong)options.MaxElements && !IsFull)
        {
            if (index > 0)
                Append(", ");

            Value element = getElement(index);
            ulong run = CountEqual(getElement, index, count, size);
            Write(element, depth + 1);
            if (run > (ulong)options.RepeatThreshold)
            {
                _text.Append(CultureInfo.InvariantCulture, $" <repeats {run} times>");
                written += (ulong)options.RepeatThreshold;
                index += run;
            }
            else
            {
                written++;
                index++;
            }
        }

        if (index < count)
            Append("...");
    }

    /// <summary>Counts the elements in a row with the same bytes, from one element on.</summary>
    private ulong CountEqual(Func<ulong, Value> getElement, ulong index, ulong count, ulong size)
    {
        const int MaxCompared = 4096;
        const ulong MaxRun = 1 << 24;
        if (size is 0 or > MaxCompared || options.RepeatThreshold == int.MaxValue)
            return 1;

        Span<byte> first = stackalloc byte[(int)size];
        Span<byte> other = stackalloc byte[(int)size];
        if (getElement(index).ReadBytes(first) is not null)
            return 1;

        ulong run = 1;
        while (
            index + run < count
            && run < MaxRun
            && getElement(index + run).ReadBytes(other) is null
            && first.SequenceEqual(other)
        )
            run++;

        return run;
    }

    /// <summary>Writes an array of characters as a string, without a NUL at its end.</summary>
    private void WriteCharacters(Value value, DebugType element, ulong count)
    {
        const ulong MaxCharacters = 1 << 20;
        int width = (int)(element.Size ?? 1);
        int length = (int)Math.Min(count, MaxCharacters);
        byte[] bytes = new byte[(long)length * width];
        if (value.ReadBytes(bytes) is { } problem)
        {
            WriteProblem(problem);
            return;
        }

        uint[] codes = new uint[length];
        for (int i = 0; i < length; i++)
            codes[i] = ReadCode(bytes.AsSpan(i * width), width);

        if (length > 0 && codes[^1] == 0 && (ulong)length == count)
            length--;

        int shown = CountShown(codes.AsSpan(0, length));
        CharacterText.AppendString(
            _text,
            codes.AsSpan(0, shown),
            width,
            element.CharacterPrefix,
            options.RepeatThreshold
        );
        if (shown < length || (ulong)codes.Length < count)
            Append("...");
    }

    /// <summary>Counts the characters to show. A run of equal ones counts as no more than the threshold.</summary>
    private int CountShown(ReadOnlySpan<uint> codes)
    {
        int written = 0;
        int index = 0;
        while (index < codes.Length && written < options.MaxElements)
        {
            int run = 1;
            while (index + run < codes.Length && codes[index + run] == codes[index])
                run++;

            bool isRun = run > options.RepeatThreshold;
            int taken = isRun ? run : Math.Min(run, options.MaxElements - written);
            written += isRun ? options.RepeatThreshold : taken;
            index += taken;
        }

        return index;
    }

    private void WriteCompound(Value value, CompoundType compound, int depth)
    {
        if (compound.IsDeclaration)
        {
            Append("<incomplete type>");
            return;
        }

        value = value.Fetch();
        bool isBase = _isBase;
        _isBase = false;
        if (!options.Raw && WriteContainer(value, compound, depth))
            return;

        // A virtual base exists once in the whole object, and is shown once.
        HashSet<ulong> outer = _virtualBases;
        if (!isBase)
            _virtualBases = [];

        WriteStruct(value, compound, depth);
        _virtualBases = outer;
    }

    private void WriteStruct(Value value, CompoundType compound, int depth)
    {
        if (depth >= options.MaxDepth)
        {
            Append(Hidden);
            return;
        }

        // Written once, not for each member.
        if (compound.Size > 0 && value.ProblemOfWhole is { } problem)
        {
            WriteProblem(problem);
            return;
        }

        Append("{");
        bool isFirst = true;
        int bases = 0;
        foreach (BaseClass parent in compound.Bases)
        {
            Value part = value.Base(parent);
            bases++;
            if (parent.IsVirtual && part.Address is { } address && !_virtualBases.Add(address))
                continue;

            StartPart(ref isFirst, depth);
            Append($"<{parent.Type.Name ?? "base"}> = ");
            _isBase = true;
            WritePart(part, depth);
            _isBase = false;
        }

        int fields = 0;
        foreach (Member member in compound.Members)
        {
            StartPart(ref isFirst, depth);
            Append(member.Name is { } name ? $"{name} = " : "");
            WritePart(value[member], depth);
            fields++;
        }

        if (options.StaticMembers)
        {
            foreach (DebugVariable variable in compound.Body.Statics)
            {
                StartPart(ref isFirst, depth);
                Append($"static {Value.GetLastName(variable.Name)} = ");
                WriteStatic(value.ReadStatic(compound, variable), depth);
                fields++;
            }
        }

        if (fields == 0 && (bases == 0 || !isFirst))
            Append(isFirst ? "<No data fields>" : ", <No data fields>");

        EndParts(isFirst, depth);
    }

    /// <summary>Writes a base or member. A base is written as a struct even if its type is a container.</summary>
    private void WritePart(Value value, int depth)
    {
        ValueProblem? problem = value.ResolvedType is CompoundType ? value.ProblemOfWhole : value.Problem;
        if (value.Address is null && problem is { Kind: not ValueProblemKind.NoSize })
            WriteProblem(problem);
        else
            Write(value, depth + 1);
    }

    private void WriteStatic(Value value, int depth)
    {
        if (value.Address is { } address && value.ResolvedType is CompoundType && !_statics.Add(address))
            Append("<same as static member of an already seen type>");
        else
            WritePart(value, depth);
    }

    private void StartPart(ref bool isFirst, int depth)
    {
        if (!isFirst)
            Append(options.Pretty ? "," : ", ");

        isFirst = false;
        if (options.Pretty)
            StartLine(depth + 1);
    }

    private void EndParts(bool isEmpty, int depth)
    {
        if (options.Pretty && !isEmpty)
            StartLine(depth);

        Append("}");
    }

    private void StartLine(int depth) => _text.Append('\n').Append(' ', depth * 2);
}
