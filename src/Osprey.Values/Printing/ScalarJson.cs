using System.Text.Json;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Printing;

// Numbers are numbers, also those over 2^53, which readers that keep doubles round. Pointers are "0x..." strings. What
// can't be had is an object with one member that says so: {"unreadable": "0x..."}, {"optimizedOut": "why"}, {"unknown":
// "why"}.

/// <summary>Writes values without parts as JSON, and what is said in place of a value.</summary>
internal sealed class ScalarJson
{
    private readonly Utf8JsonWriter _json;

    public ScalarJson(Utf8JsonWriter json) => _json = json;

    /// <summary>A number, a truth value or an enumerator.</summary>
    public void WriteScalar(Value value)
    {
        if (value.Type.IsFloat)
        {
            WriteFloat(value);
            return;
        }

        if (!value.TryReadInteger(out Int128 number, out ValueProblem? problem))
        {
            WriteProblem(problem);
            return;
        }

        switch (value.ResolvedType)
        {
            case EnumType enumeration:
                string name = EnumText.Format(enumeration, number);
                if (char.IsAsciiDigit(name[0]) || name[0] == '-')
                    WriteNumber(number, true);
                else
                    _json.WriteStringValue(name);

                break;
            case { } type when type.IsBool && number is var bit && (bit == 0 || bit == 1):
                _json.WriteBooleanValue(number == 1);
                break;
            case { } type:
                WriteNumber(number, type.IsSignedInteger);
                break;
        }
    }

    private void WriteNumber(Int128 number, bool isSigned) =>
        _json.WriteRawValue(isSigned ? number.ToString() : unchecked((UInt128)number).ToString());

    private void WriteFloat(Value value)
    {
        if (!value.TryReadFloat(out double number, out ValueProblem? problem))
            WriteProblem(problem);
        else if (!double.IsFinite(number))
            _json.WriteStringValue(ValueText.FormatInner(value));
        else if (value.Size == 4)
            _json.WriteNumberValue((float)number);
        else
            _json.WriteNumberValue(number);
    }

    /// <summary>The address that a pointer holds.</summary>
    public void WritePointer(Value value)
    {
        if (value.TryReadInteger(out Int128 address, out ValueProblem? problem))
            WriteAddress(unchecked((ulong)address));
        else
            WriteProblem(problem);
    }

    /// <summary>An address; null when there is none.</summary>
    public void WriteAddress(ulong? address)
    {
        if (address is { } known)
            _json.WriteStringValue($"0x{known:x}");
        else
            _json.WriteNullValue();
    }

    /// <summary>What can't be had, and why.</summary>
    public void WriteProblem(ValueProblem problem)
    {
        switch (problem.Kind)
        {
            case ValueProblemKind.Unreadable:
                WriteOne("unreadable", $"0x{problem.Address:x}");
                break;
            case ValueProblemKind.OptimizedOut:
                WriteOne("optimizedOut", problem.Message);
                break;
            default:
                WriteOne("unknown", problem.Message);
                break;
        }
    }

    private void WriteOne(string name, string text)
    {
        _json.WriteStartObject();
        _json.WriteString(name, text);
        _json.WriteEndObject();
    }

    /// <summary>An object with one member.</summary>
    public void WriteOne(string name, ulong number)
    {
        _json.WriteStartObject();
        _json.WriteNumber(name, number);
        _json.WriteEndObject();
    }
}
