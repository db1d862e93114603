using Osprey.Symbols.Types.Names;

namespace Osprey.Tests.Symbols.Types;

public sealed class TemplateArgumentsTests
{
    private const string Vector = "vector<node*, std::allocator<node*> >";

    private const string Map =
        "map<int, std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, std::less<int>, "
        + "std::allocator<std::pair<int const, std::__cxx11::basic_string<char, std::char_traits<char>, "
        + "std::allocator<char> > > > >";

    [Theory]
    [InlineData("vector<node*>", Vector, true)]
    [InlineData("vector<node *>", Vector, true)]
    [InlineData("vector<node>", Vector, false)]
    [InlineData("vector<node*, other<node*>>", Vector, false)]
    [InlineData("vector<node*, std::allocator<node*>, int>", Vector, false)]
    [InlineData("list<node*>", Vector, false)]
    [InlineData("map<int, std::string>", Map, true)]
    [InlineData("map<int, std::string, std::less<int>>", Map, true)]
    [InlineData("map<int, std::basic_string<char>>", Map, true)]
    [InlineData("map<int, std::wstring>", Map, false)]
    [InlineData("a<std::vector<int> const*>", "a<const std::vector<int, std::allocator<int> > *>", true)]
    [InlineData("f<int (int, long)>", "f<int (int, long), 3>", true)]
    [InlineData("f<int (int)>", "f<int (int, long), 3>", false)]
    [InlineData("a<1>", "a<1ul>", true)]
    [InlineData("a<", "a<1>", false)]
    [InlineData("a>", "a<1>", false)]
    [InlineData("", "a<1>", false)]
    public void Fits_NamesAsWritten(string written, string full, bool expected) =>
        Assert.Equal(expected, TemplateArguments.Fits(written, full));

    [Fact]
    public void Fits_DeepAndDamagedNames_EndWithAnAnswer()
    {
        string deep = string.Concat(Enumerable.Repeat("a<", 5_000)) + string.Concat(Enumerable.Repeat(">", 5_000));
        Assert.True(TemplateArguments.Fits(deep, deep));
        Assert.False(TemplateArguments.Fits(deep, deep.Replace("a<>", "a<int>", StringComparison.Ordinal)));
        var random = new Random(6);
        for (int i = 0; i < 20_000; i++)
        {
            char[] name = Map.ToCharArray();
            for (int j = 0; j < 3; j++)
                name[random.Next(name.Length)] = "<>(),* a"[random.Next(8)];

            TemplateArguments.Fits(new string(name), Map);
            TemplateArguments.Fits(Map, new string(name));
        }
    }
}
