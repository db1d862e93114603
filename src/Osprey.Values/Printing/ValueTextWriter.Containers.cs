using System.Globalization;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values.Containers;

namespace Osprey.Values.Printing;

/// <content>Containers, by their content.</content>
internal sealed partial class ValueTextWriter
{
    private bool WriteContainer(Value value, CompoundType compound, int depth)
    {
        if (value.Space.Readers.Open(value, compound) is not { } view)
            return false;

        switch (view)
        {
            case ContainerView.Text text:
                WriteText(text);
                break;
            case ContainerView.Pointer pointer:
                Append($"{pointer.Title} = {{get() = ");
                WriteBarePointer(pointer.Plain);
                Append("}");
                break;
            case ContainerView.Wrapper { Title: "" } plain:
                Write(plain.Inner!, depth);
                break;
            case ContainerView.Wrapper wrapper:
                WriteWrapper(wrapper, depth);
                break;
            case ContainerView.Amount amount:
                Write(amount.Number, depth);
                Append(amount.Unit);
                break;
            case ContainerView.Parts parts:
                WriteParts(parts, depth);
                break;
            case ContainerView.Items items:
                WriteItems(items, depth);
                break;
        }

        return true;
    }

    private void WriteBarePointer(Value pointer)
    {
        if (pointer.AsPointer() is { } address)
            _text.Append(CultureInfo.InvariantCulture, $"0x{address:x}");
        else
            WriteProblem(pointer.Problem ?? ValueProblem.NotKnown("it is no pointer"));
    }

    private void WriteWrapper(ContainerView.Wrapper wrapper, int depth)
    {
        Append(wrapper.Title);
        if (wrapper.Inner is not { } inner)
            return;

        Append(" = {");
        Write(inner, depth + 1);
        Append("}");
    }

    private void WriteParts(ContainerView.Parts parts, int depth)
    {
        if (depth >= options.MaxDepth)
        {
            Append(Hidden);
            return;
        }

        Append("{");
        bool isFirst = true;
        foreach ((string name, Value part) in parts.Values)
        {
            StartPart(ref isFirst, depth);
            Append($"{name} = ");
            Write(part, depth + 1);
        }

        EndParts(isFirst, depth);
    }

    private void WriteText(ContainerView.Text text)
    {
        ulong shown = Math.Min(text.Length, (ulong)options.MaxElements);
        Value characters = text.First.Reinterpret(BuiltinTypes.ArrayOf(text.First.Type!, shown));
        int width = (int)(text.First.Size ?? 1);
        byte[] bytes = new byte[(long)shown * width];
        if (characters.ReadBytes(bytes) is { } problem)
        {
            WriteProblem(problem);
            return;
        }

        uint[] codes = new uint[(int)shown];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = ReadCode(bytes.AsSpan(i * width), width);

        CharacterText.AppendString(_text, codes, width, text.First.Type.CharacterPrefix, options.RepeatThreshold);
        if (shown < text.Length)
            Append("...");
    }

    private void WriteItems(ContainerView.Items items, int depth)
    {
        Append(items.Title);
        if (items.Count == 0)
            return;

        if (depth >= options.MaxDepth)
        {
            Append(" = " + Hidden);
            return;
        }

        ElementWalk walk = items.Start();
        int written = 0;
        bool isFirst = true;
        foreach (ContainerElement element in walk.Enumerate())
        {
            if (written == options.MaxElements || IsFull)
            {
                Append("...");
                break;
            }

            if (isFirst)
                Append(items.Title.Length > 0 ? " = {" : "{");

            StartPart(ref isFirst, depth);
            written++;
            WriteElement(items, element, depth);
        }

        if (!isFirst)
            EndParts(false, depth);

        if (walk.Defect is { } defect)
            Append($" <{defect}>");
    }

    private void WriteElement(ContainerView.Items items, in ContainerElement element, int depth)
    {
        if (element.Key is { } key)
        {
            Append("[");
            Write(key, depth + 1);
            Append("] = ");
        }

        // An object that lives elsewhere and is only linked into the container is shown as a pointer to it.
        if (items.Kind == ContainerKind.Intrusive && element.Value.Address is { } address)
            _text.Append(CultureInfo.InvariantCulture, $"({TypeNames.Spell(element.Value.Type)} *) 0x{address:x}");
        else
            Write(element.Value, depth + 1);
    }
}
