using System.Globalization;
using System.Text;

namespace Osprey.Binary.Demangling;

/// <content>Types and constants.</content>
internal sealed partial class RustV0Demangler
{
    private void ReadType()
    {
        Enter();
        char kind = Next();
        if (GetBasicType(kind) is { } basic)
        {
            Print(basic);
            _depth--;
            return;
        }

        switch (kind)
        {
            case 'A' or 'S':
                Print("[");
                ReadType();
                if (kind == 'A')
                {
                    Print("; ");
                    ReadConstant();
                }

                Print("]");
                break;
            case 'T':
                Print("(");
                if (ReadList(ReadType) == 1)
                    Print(",");

                Print(")");
                break;
            case 'R' or 'Q':
                Print("&");
                if (TryTake('L') && ReadBase62() is > 0 and var lifetime)
                {
                    PrintLifetime(lifetime);
                    Print(" ");
                }

                Print(kind == 'Q' ? "mut " : "");
                ReadType();
                break;
            case 'P' or 'O':
                Print(kind == 'P' ? "*const " : "*mut ");
                ReadType();
                break;
            case 'F':
                WithBinder(ReadFunction);
                break;
            case 'D':
                Print("dyn ");
                WithBinder(ReadTraits);
                if (!TryTake('L'))
                    throw Malformed();

                if (ReadBase62() is > 0 and var bound)
                {
                    Print(" + ");
                    PrintLifetime(bound);
                }

                break;
            case 'B':
                FollowReference(ReadType);
                break;
            default:
                _at--;
                ReadPath(isType: true);
                break;
        }

        _depth--;
    }

    private void WithBinder(Action read)
    {
        ulong outer = _lifetimes;
        if (TryTake('G'))
        {
            ulong count = unchecked(ReadBase62() + 1);
            if (count is 0 or > 1000)
                throw Malformed();

            Print("for<");
            for (ulong i = 0; i < count; i++)
            {
                _lifetimes++;
                Print(i > 0 ? ", " : "");
                PrintLifetime(1);
            }

            Print("> ");
        }

        read();
        _lifetimes = outer;
    }

    private void ReadFunction()
    {
        if (TryTake('U'))
            Print("unsafe ");

        if (TryTake('K'))
        {
            string convention = TryTake('C') ? "C" : ReadIdentifier().Replace('_', '-');
            Print($"extern \"{convention}\" ");
        }

        Print("fn(");
        ReadList(ReadType);
        Print(")");
        if (TryTake('u'))
            return;

        Print(" -> ");
        ReadType();
    }

    private void ReadTraits()
    {
        int count = 0;
        while (!TryTake('E'))
        {
            Print(count++ > 0 ? " + " : "");
            bool isOpen = ReadTrait();
            while (TryTake('p'))
            {
                Print(isOpen ? ", " : "<");
                isOpen = true;
                Print(ReadIdentifier() + " = ");
                ReadType();
            }

            Print(isOpen ? ">" : "");
        }
    }

    /// <summary>Reads a trait; its generic arguments stay open, since types that it names may follow them.</summary>
    /// <returns>True when arguments were printed and their bracket is open.</returns>
    private bool ReadTrait()
    {
        if (TryTake('B'))
        {
            bool isOpen = false;
            FollowReference(() => isOpen = ReadTrait());
            return isOpen;
        }

        if (!TryTake('I'))
        {
            ReadPath(isType: true);
            return false;
        }

        ReadPath(isType: true);
        Print("<");
        ReadList(ReadGenericArgument);
        return true;
    }

    private void ReadConstant()
    {
        Enter();
        char kind = Next();
        switch (kind)
        {
            case 'B':
                FollowReference(ReadConstant);
                break;
            case 'p':
                Print("_");
                break;
            case 'a' or 's' or 'l' or 'x' or 'n' or 'i':
                Print(TryTake('n') ? "-" : "");
                PrintNumber(ReadHexDigits());
                break;
            case 'h' or 't' or 'm' or 'y' or 'o' or 'j':
                PrintNumber(ReadHexDigits());
                break;
            case 'b':
                Print(
                    ReadHexDigits() switch
                    {
                        "0" => "false",
                        "1" => "true",
                        _ => throw Malformed(),
                    }
                );
                break;
            case 'c':
                PrintCharacter(ReadHexDigits());
                break;
            default:
                throw Malformed();
        }

        _depth--;
    }

    private void PrintNumber(string digits) =>
        Print(
            digits.Length <= 16
                ? ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                    .ToString(CultureInfo.InvariantCulture)
                : "0x" + digits
        );

    private void PrintCharacter(string digits)
    {
        if (
            !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            || !Rune.IsValid(value)
        )
            throw Malformed();

        Print(
            value switch
            {
                '\t' => @"'\t'",
                '\r' => @"'\r'",
                '\n' => @"'\n'",
                '\'' => @"'\''",
                '\\' => @"'\\'",
                >= ' ' and <= '~' => $"'{(char)value}'",
                _ => $"'\\u{{{value:x}}}'",
            }
        );
    }

    private static string? GetBasicType(char kind) =>
        kind switch
        {
            'a' => "i8",
            'b' => "bool",
            'c' => "char",
            'd' => "f64",
            'e' => "str",
            'f' => "f32",
            'h' => "u8",
            'i' => "isize",
            'j' => "usize",
            'l' => "i32",
            'm' => "u32",
            'n' => "i128",
            'o' => "u128",
            'p' => "_",
            's' => "i16",
            't' => "u16",
            'u' => "()",
            'v' => "...",
            'x' => "i64",
            'y' => "u64",
            'z' => "!",
            _ => null,
        };
}
