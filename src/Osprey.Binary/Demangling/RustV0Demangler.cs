using System.Text;

namespace Osprey.Binary.Demangling;

/// <summary>
/// Reads the newer form of Rust's symbol names, <c>_R…</c> (Rust RFC 2603, "v0"), as <c>c++filt</c> shows them.
/// </summary>
/// <remarks>
/// <para>
/// A name is a path in prefix notation: <c>N</c> (a name within), a namespace, the path around it, an identifier.
/// Generic arguments are types or constants, which are written in the same notation. Where a part was written before,
/// a back reference gives its position, so reading jumps within the name; what it jumps to is printed again.
/// </para>
/// <para>
/// A short name can thus stand for a text of any length, and references can go in circles: the depth of nesting and
/// the length of the text are bounded, and a name beyond the bounds, like one that breaks the grammar, stays mangled.
/// </para>
/// </remarks>
internal sealed partial class RustV0Demangler
{
    private const int MaxDepth = 200;
    private const int MaxTextLength = 1 << 14;
    private const int MaxSteps = 1 << 16;

    private readonly string _name;
    private readonly StringBuilder _text = new();
    private int _at;
    private int _depth;
    private int _steps;

    /// <summary>Lifetimes that the binders (<c>for&lt;'a&gt;</c>) around this place have named.</summary>
    private ulong _lifetimes;

    /// <summary>False while something is read that is not shown.</summary>
    private bool _prints = true;

    private RustV0Demangler(string name) => _name = name;

    /// <summary>The name as written, without hashes of crates; null when it is not such a name.</summary>
    public static string? TryDemangle(string name)
    {
        // Tools add suffixes, as in C: .cold, .llvm.123.
        int suffix = name.IndexOf('.', StringComparison.Ordinal);
        string body = suffix < 0 ? name : name[..suffix];
        if (!body.StartsWith("_R", StringComparison.Ordinal) || body.Length < 3 || !char.IsAsciiLetterUpper(body[2]))
            return null;

        var reader = new RustV0Demangler(body[2..]);
        try
        {
            reader.ReadPath(isType: false);

            // The crate that a generic function was compiled for may follow.
            if (reader._at < reader._name.Length)
            {
                reader._prints = false;
                reader.ReadPath(isType: false);
            }

            return reader._at == reader._name.Length ? reader._text.ToString() : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private void ReadPath(bool isType)
    {
        Enter();
        char kind = Next();
        switch (kind)
        {
            case 'C':
                ReadDisambiguator();
                Print(ReadIdentifier());
                break;
            case 'N':
                ReadNested(isType);
                break;
            case 'M' or 'X':
                SkipImplementation();
                ReadQualified(hasTrait: kind == 'X');
                break;
            case 'Y':
                ReadQualified(hasTrait: true);
                break;
            case 'I':
                ReadPath(isType);
                Print(isType ? "<" : "::<");
                ReadList(ReadGenericArgument);
                Print(">");
                break;
            case 'B':
                FollowReference(() => ReadPath(isType));
                break;
            default:
                throw Malformed();
        }

        _depth--;
    }

    private void ReadNested(bool isType)
    {
        char space = Next();
        if (!char.IsAsciiLetter(space))
            throw Malformed();

        ReadPath(isType);
        ulong disambiguator = ReadDisambiguator();
        string identifier = ReadIdentifier();
        if (char.IsAsciiLetterUpper(space))
        {
            string word = space switch
            {
                'C' => "closure",
                'S' => "shim",
                _ => space.ToString(),
            };
            string name = identifier.Length > 0 ? ":" + identifier : "";
            Print($"::{{{word}{name}#{disambiguator}}}");
        }
        else if (identifier.Length > 0)
        {
            Print("::" + identifier);
        }
    }

    /// <summary>Skips the place of an <c>impl</c>: it is in the name, but not shown.</summary>
    private void SkipImplementation()
    {
        bool prints = _prints;
        _prints = false;
        ReadDisambiguator();
        ReadPath(isType: false);
        _prints = prints;
    }

    private void ReadQualified(bool hasTrait)
    {
        Print("<");
        ReadType();
        if (hasTrait)
        {
            Print(" as ");
            ReadPath(isType: true);
        }

        Print(">");
    }

    private void ReadGenericArgument()
    {
        if (TryTake('L'))
            PrintLifetime(ReadBase62());
        else if (TryTake('K'))
            ReadConstant();
        else
            ReadType();
    }

    /// <summary>Reads parts up to the E that ends a list, and prints commas between them.</summary>
    private int ReadList(Action readItem)
    {
        int count = 0;
        while (!TryTake('E'))
        {
            if (count++ > 0)
                Print(", ");

            readItem();
        }

        return count;
    }

    private void FollowReference(Action read)
    {
        int start = _at - 1;
        ulong target = ReadBase62();
        if (target >= (ulong)start)
            throw Malformed();

        // What is not shown need not be read again.
        if (!_prints)
            return;

        int back = _at;
        _at = (int)target;
        read();
        _at = back;
    }

    private void PrintLifetime(ulong index)
    {
        if (index == 0)
        {
            Print("'_");
            return;
        }

        if (index > _lifetimes)
            throw Malformed();

        ulong depth = _lifetimes - index;
        Print(depth < 26 ? $"'{(char)('a' + depth)}" : $"'_{depth}");
    }

    private void Print(string text)
    {
        if (!_prints)
            return;

        if (_text.Length + text.Length > MaxTextLength)
            throw Malformed();

        _text.Append(text);
    }

    private void Enter()
    {
        if (++_depth > MaxDepth || ++_steps > MaxSteps)
            throw Malformed();
    }

    private static FormatException Malformed() => new();
}
