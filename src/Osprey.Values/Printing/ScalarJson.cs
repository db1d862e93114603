using System.Text.Json;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values.Floats;

namespace Osprey.Values.Printing;

// Numbers are JSON numbers, also those over 2^53 and with more digits than a double has (long double), which readers
// that store doubles will round. Pointers are "0x..."
// strings. In place of a value that is not available stands an object with one member: {"unreadable": "0x..."},
// {"optimizedOut": "why"} or {"unknown": "why"}.

/// <summary>Writes numbers, enumerators and pointers as JSON, and the reason when a value is not available.</summary>
internal sealed class ScalarJson
{
    private readonly Utf8JsonWriter _json;

    public ScalarJson(Utf8JsonWriter json) => _json = json;

    /// <summary>Writes a number, a truth value or an enumerator.</summary>
    public void WriteScalar(Value value)
    {
        if (value.Type.IsFloat)
        {
            WriteFloat(value);
            return;
        }

        // JSON has no complex numbers.
        if ((value.Type.IsComplex || value.Type.ComplexPart is not null) && value.Problem is null)
        {
            _json.WriteStringValue(ValueText.FormatInner(value));
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
        else if (!double.IsFinite(number) && !IsFinite(value))
            _json.WriteStringValue(ValueText.FormatInner(value));
        else if (FloatFormat.Find(value.Type) is { Bytes: > sizeof(double) })
            _json.WriteRawValue(ValueText.FormatInner(value));
        else if (value.Size == 4)
            _json.WriteNumberValue((float)number);
        else
            _json.WriteNumberValue(number);
    }

    /// <summary>True for a number that is finite, even if it is too large for a double.</summary>
    private static bool IsFinite(Value value) =>
        value.TryReadExact(out BinaryFloat exact, out _) && exact.Kind == FloatKind.Finite;

    /// <summary>Writes the address in a pointer.</summary>
    public void WritePointer(Value value)
    {
        if (value.TryReadInteger(out Int128 address, out ValueProblem? problem))
            WriteAddress(unchecked((ulong)address));
        else
            WriteProblem(problem);
    }

    /// <summary>Writes an address, or null.</summary>
    public void WriteAddress(ulong? address)
    {
        if (address is { } known)
            _json.WriteStringValue($"0x{known:x}");
        else
            _json.WriteNullValue();
    }

    /// <summary>Writes why a value is not available.</summary>
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

    /// <summary>Writes an object with one member.</summary>
    public void WriteOne(string name, ulong number)
    {
        _json.WriteStartObject();
        _json.WriteNumber(name, number);
        _json.WriteEndObject();
    }
}
