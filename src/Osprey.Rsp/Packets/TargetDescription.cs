using System.Globalization;
using System.Xml;

namespace Osprey.Rsp.Packets;

/// <summary>
/// The stub's registers and their numbers, from its XML description (GDB manual, appendix "Target Descriptions").
/// </summary>
/// <remarks>
/// The text comes from the stub and is not trusted: no entities are expanded, included documents come only through the
/// caller's delegate, and depth, size and counts are limited. A real XML parser reads it, because real descriptions
/// have registers that are commented out.
/// </remarks>
public sealed class TargetDescription
{
    private const int MaxDepth = 8;
    private const int MaxDocuments = 64;
    private const int MaxCharacters = 1 << 20;
    private const int MaxRegisters = 4096;
    private const int MaxNumber = 65_535;
    private const int MaxBitSize = 65_536;

    private readonly Func<string, string?> _include;
    private readonly List<TargetRegister> _registers = [];
    private readonly HashSet<int> _numbers = [];
    private int _next;
    private int _documents;

    private TargetDescription(Func<string, string?> include) => _include = include;

    /// <summary>The architecture, such as "i386:x86-64"; null when the description does not name one.</summary>
    public string? Architecture { get; private set; }

    /// <summary>The registers, ordered by number.</summary>
    public IReadOnlyList<TargetRegister> Registers => _registers;

    /// <summary>Parses a description.</summary>
    /// <param name="xml">The document that the stub calls <c>target.xml</c>.</param>
    /// <param name="include">
    /// Returns the document that an <c>xi:include</c> names; null when there is none.
    /// </param>
    /// <exception cref="RspException">The description is malformed, or exceeds a limit.</exception>
    internal static TargetDescription Parse(string xml, Func<string, string?> include)
    {
        var description = new TargetDescription(include);
        try
        {
            description.Read(xml, "target.xml", depth: 0);
        }
        catch (XmlException broken)
        {
            throw new RspException($"the target description is malformed: {broken.Message}", inner: broken);
        }

        description._registers.Sort((left, right) => left.Number.CompareTo(right.Number));
        return description;
    }

    /// <summary>Finds a register by its name; null when there is none.</summary>
    public TargetRegister? Find(string name) => _registers.Find(register => register.Name == name);

    private void Read(string xml, string name, int depth)
    {
        if (depth > MaxDepth || ++_documents > MaxDocuments)
            throw new RspException(
                $"the target description includes documents over {MaxDepth} levels or {MaxDocuments} documents, "
                    + $"at {name}"
            );

        if (xml.Length > MaxCharacters)
            throw new RspException($"{name} of the target description is longer than {MaxCharacters} characters");

        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Ignore, // documents refer to gdb-target.dtd, which is not needed
            XmlResolver = null,
            MaxCharactersInDocument = MaxCharacters,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        // QEMU's documents use the prefix xi without declaring it: the DTD would declare it.
        var namespaces = new XmlNamespaceManager(new NameTable());
        namespaces.AddNamespace("xi", "http://www.w3.org/2001/XInclude");
        string feature = "";
        using var reader = XmlReader.Create(
            new StringReader(xml),
            settings,
            new XmlParserContext(null, namespaces, null, XmlSpace.None)
        );
        while (reader.Read())
        {
            if (reader.Depth > 32)
                throw new RspException($"{name} of the target description nests over 32 levels");

            if (reader.NodeType == XmlNodeType.EndElement && reader.LocalName == "feature")
                feature = "";

            if (reader.NodeType != XmlNodeType.Element)
                continue;

            switch (reader.LocalName)
            {
                case "include":
                    Include(reader.GetAttribute("href"), name, depth);
                    break;
                case "feature":
                    feature = reader.GetAttribute("name") ?? "";
                    break;
                case "architecture" when !reader.IsEmptyElement:
                    reader.Read();
                    Architecture ??= reader.Value.Trim();
                    break;
                case "reg":
                    Add(reader, feature, name);
                    break;
                default:
                    break;
            }
        }
    }

    private void Include(string? href, string name, int depth)
    {
        string included =
            href ?? throw new RspException($"{name} of the target description includes a document without a name");
        string xml =
            _include(included)
            ?? throw new RspException($"the stub has no {included}, which {name} of its target description includes");
        Read(xml, included, depth + 1);
    }

    private void Add(XmlReader reader, string feature, string document)
    {
        string name = reader.GetAttribute("name") ?? throw new RspException($"a register in {document} has no name");
        int bits =
            ReadNumber(reader, "bitsize", name, MaxBitSize)
            ?? throw new RspException($"register {name} in {document} has no bitsize");
        int number = ReadNumber(reader, "regnum", name, MaxNumber) ?? _next;
        if (bits == 0 || !_numbers.Add(number) || _registers.Count == MaxRegisters)
            throw new RspException(
                $"register {name} in {document}: no bits, or number {number} is taken, or over {MaxRegisters} registers"
            );

        _registers.Add(new TargetRegister(number, name, bits, feature));
        _next = number + 1;
    }

    private static int? ReadNumber(XmlReader reader, string attribute, string register, int most)
    {
        string? text = reader.GetAttribute(attribute);
        if (text is null)
            return null;

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= most
            ? value
            : throw new RspException(
                $"register {register}: expected a {attribute} up to {most}",
                received: text.Length > 40 ? text[..40] : text
            );
    }
}
