using System.Text.Json;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values.Containers;

namespace Osprey.Values.Printing;

/// <summary>Writes values as JSON.</summary>
public sealed class ValueJson
{
    // The largest text in bytes, because a hostile guest can make nested containers and structs endless.
    private const long MaxSize = 1 << 24;

    private readonly Utf8JsonWriter _json;
    private readonly ScalarJson _scalars;
    private readonly ValueTextOptions _options;

    private ValueJson(Utf8JsonWriter json, ValueTextOptions options)
    {
        _json = json;
        _scalars = new ScalarJson(json);
        _options = options;
    }

    // Utf8JsonWriter refuses to nest deeper than 1000.
    private bool IsDeep(int depth) =>
        depth >= _options.MaxDepth || _json.CurrentDepth > 500 || _json.BytesCommitted + _json.BytesPending > MaxSize;

    /// <summary>Writes one value. Memory that cannot be read is reported in the JSON, not by an exception.</summary>
    public static void Write(Utf8JsonWriter json, Value value, ValueTextOptions? options = null) =>
        new ValueJson(json, options ?? ValueTextOptions.Default).Write(value, 0);

    private void Write(Value value, int depth)
    {
        switch (value.ResolvedType)
        {
            case null
                when value.Type is null
                    && value.Problem is { Kind: ValueProblemKind.OptimizedOut or ValueProblemKind.NotKnown } problem:
                _scalars.WriteProblem(problem);
                break;
            case null:
                _json.WriteNullValue();
                break;
            case FunctionType:
                _scalars.WriteAddress(value.Address);
                break;
            case PointerType { Kind: PointerKind.Reference or PointerKind.RvalueReference } when depth == 0:
                Write(value.Follow(), depth);
                break;
            case PointerType:
                _scalars.WritePointer(value.Type.IsReference ? value.Reinterpret(BuiltinTypes.UnsignedLong) : value);
                break;
            case ArrayType array:
                WriteArray(value.Fetch(), array, depth);
                break;
            case CompoundType compound:
                WriteCompound(value.Fetch(), compound, depth);
                break;
            default:
                _scalars.WriteScalar(value);
                break;
        }
    }

    private void WriteArray(Value value, ArrayType array, int depth)
    {
        if (
            array.Element.IsCharacter
            && !array.IsVector
            && array.Element.Size == 1
            && array.Count is { } length
            && (length > 0 || value.Address is not null)
            && value.Fetch().Problem is null
        )
        {
            byte[] bytes = new byte[(int)Math.Min(length, Value.MaxFetch)];
            value.ReadBytes(bytes);
            int end = Array.IndexOf(bytes, (byte)0);
            _json.WriteStringValue(ByteText.Format(end < 0 ? bytes : bytes.AsSpan(0, end)));
            return;
        }

        if (array.Count is not { } count || IsDeep(depth))
        {
            _scalars.WriteAddress(value.Address);
            return;
        }

        _json.WriteStartArray();
        ulong shown = Math.Min(count, (ulong)_options.MaxElements);
        for (ulong i = 0; i < shown; i++)
        {
            if (value.Index((long)i) is { } element)
                Write(element, depth + 1);
        }

        if (shown < count)
            _scalars.WriteOne("omitted", count - shown);

        _json.WriteEndArray();
    }

    private void WriteCompound(Value value, CompoundType compound, int depth)
    {
        if (!_options.Raw && value.Space.Readers.Open(value, compound) is { } view)
        {
            WriteContainer(view, depth);
            return;
        }

        if (compound.IsDeclaration || IsDeep(depth))
        {
            _scalars.WriteAddress(value.Address);
            return;
        }

        if (compound.Size > 0 && value.ProblemOfWhole is { } problem)
        {
            _scalars.WriteProblem(problem);
            return;
        }

        _json.WriteStartObject();
        WriteMembers(value, compound, depth, []);
        _json.WriteEndObject();
    }

    /// <summary>
    /// Writes bases as members with the base's name, and the members of anonymous parts as members of the outer struct.
    /// </summary>
    private void WriteMembers(Value value, CompoundType compound, int depth, HashSet<string> names)
    {
        foreach (BaseClass parent in compound.Bases)
        {
            string name = parent.Type.Name ?? "base";
            if (!names.Add(name))
                continue;

            _json.WritePropertyName(name);
            Write(value.Base(parent), depth + 1);
        }

        foreach (Member member in compound.Members)
        {
            if (
                member.Name is null
                && value.Space.Resolve(member.Type) is CompoundType part
                && depth < _options.MaxDepth
            )
            {
                WriteMembers(value[member], part, depth + 1, names);
            }
            else if (names.Add(member.Name ?? ""))
            {
                _json.WritePropertyName(member.Name ?? "");
                Write(value[member], depth + 1);
            }
        }
    }

    private void WriteContainer(ContainerView view, int depth)
    {
        switch (view)
        {
            case ContainerView.Text text:
                WriteText(text);
                break;
            case ContainerView.Pointer pointer:
                _scalars.WritePointer(pointer.Plain);
                break;
            case ContainerView.Wrapper { Inner: { } inner }:
                Write(inner, depth);
                break;
            case ContainerView.Wrapper:
                _json.WriteNullValue();
                break;
            case ContainerView.Amount amount:
                _json.WriteStartObject();
                _json.WritePropertyName("value");
                Write(amount.Number, depth + 1);
                _json.WriteString("unit", amount.Unit);
                _json.WriteEndObject();
                break;
            case ContainerView.Parts parts when IsDeep(depth):
                _scalars.WriteAddress(parts.Values[0].Value.Address);
                break;
            case ContainerView.Parts parts:
                _json.WriteStartObject();
                foreach ((string name, Value part) in parts.Values)
                {
                    _json.WritePropertyName(name);
                    Write(part, depth + 1);
                }

                _json.WriteEndObject();
                break;
            case ContainerView.Items items:
                WriteItems(items, depth);
                break;
        }
    }

    private void WriteText(ContainerView.Text text)
    {
        byte[] bytes = new byte[(int)Math.Min(text.Length, Value.MaxFetch)];
        if (text.First.Size == 1 && text.First.ReadBytes(bytes) is null)
            _json.WriteStringValue(ByteText.Format(bytes));
        else if (text.First.ReadBytes(new byte[1]) is { } problem)
            _scalars.WriteProblem(problem);
        else
            WriteArray(
                text.First.Reinterpret(BuiltinTypes.ArrayOf(text.First.Type!, text.Length)),
                BuiltinTypes.ArrayOf(text.First.Type!, text.Length),
                0
            );
    }

    private void WriteItems(ContainerView.Items items, int depth)
    {
        _json.WriteStartObject();
        if (items.Count is { } count)
            _json.WriteNumber("count", count);

        _json.WriteStartArray("elements");
        ElementWalk walk = items.Start();
        int written = 0;
        bool isCut = IsDeep(depth) && items.Count != 0;
        if (!isCut)
        {
            foreach (ContainerElement element in walk.Enumerate())
            {
                isCut = written == _options.MaxElements;
                if (isCut)
                    break;

                written++;
                WriteElement(items, element, depth);
            }
        }

        _json.WriteEndArray();
        if (isCut)
            _json.WriteBoolean("truncated", true);

        if (walk.Defect is { } defect)
            _json.WriteString("defect", defect);

        _json.WriteEndObject();
    }

    private void WriteElement(ContainerView.Items items, in ContainerElement element, int depth)
    {
        if (items.Kind == ContainerKind.Intrusive)
        {
            _scalars.WriteAddress(element.Value.Address);
            return;
        }

        if (element.Key is not { } key)
        {
            Write(element.Value, depth + 1);
            return;
        }

        _json.WriteStartObject();
        _json.WritePropertyName("key");
        Write(key, depth + 1);
        _json.WritePropertyName("value");
        Write(element.Value, depth + 1);
        _json.WriteEndObject();
    }
}
