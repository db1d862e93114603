using Osprey.Cli.Rendering.Text;

namespace Osprey.Tests.Cli.Rendering;

/// <summary>Tests that names are shortened where the standard library says much, and nowhere else.</summary>
public sealed class ShortNamesTests
{
    [Theory]
    [InlineData("main", "main")]
    [InlineData("a::b<c<d>>::e(f<int>)", "a::b<c<d>>::e(f<int>)")]
    [InlineData(
        "std::vector<int, std::allocator<int> >::push_back(int const&)",
        "std::vector<...>::push_back(int const&)"
    )]
    [InlineData(
        "std::_Function_handler<void (), a::b(void* (*)(void*))::{lambda()#1}>::_M_invoke(std::_Any_data const&)",
        "std::_Function_handler<...>::_M_invoke(std::_Any_data const&)"
    )]
    [InlineData(
        "a::f(std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > const&)",
        "a::f(std::string const&)"
    )]
    [InlineData(
        "std::__cxx11::basic_string<char, x>::basic_string(char const*)",
        "std::string::basic_string(char const*)"
    )]
    [InlineData("std::basic_string<wchar_t, x>::size() const", "std::wstring::size() const")]
    [InlineData("std::__1::vector<int>::clear()", "std::vector<...>::clear()")]
    [InlineData("name[abi:cxx11](std::string)", "name(std::string)")]
    [InlineData(
        "std::ostream& std::operator<< <std::char_traits<char> >(std::ostream&, char)",
        "std::ostream& std::operator<< <...>(std::ostream&, char)"
    )]
    [InlineData("std::function<void ()>::operator()() const", "std::function<...>::operator()() const")]
    [InlineData("std::unique_ptr<a, b>::operator->() const", "std::unique_ptr<...>::operator->() const")]
    [InlineData("bool std::operator< <int>(int, int)", "bool std::operator< <...>(int, int)")]
    [InlineData("std::enable_if<(1 > 0), int>::type f()", "std::enable_if<...>::type f()")]
    [InlineData("my::list<std::pair<int, long>>::add()", "my::list<std::pair<...>>::add()")]
    [InlineData("__gnu_cxx::new_allocator<a<b> >::allocate()", "__gnu_cxx::new_allocator<...>::allocate()")]
    [InlineData("mystd::vector<int>::f()", "mystd::vector<int>::f()")]
    [InlineData("a::std::vector<int>::f()", "a::std::vector<int>::f()")]
    [InlineData("std::vector<int::f()", "std::vector<int::f()")]
    [InlineData("std::vector<int)>::f()", "std::vector<int)>::f()")]
    [InlineData("std::", "std::")]
    [InlineData("", "")]
    [InlineData("0x40001000 std::f<int>() x.cc:12", "0x40001000 std::f<...>() x.cc:12")]
    public void Shorten_Name_LeavesOutWhatTheStandardLibrarySays(string name, string expected) =>
        Assert.Equal(expected, ShortNames.Shorten(name));

    /// <summary>Cuts a long name at every place: whatever a guest sends, the answer comes and is no longer.</summary>
    [Fact]
    public void Shorten_CutNames_EndAndGrowNowhere()
    {
        const string Name =
            "std::_Function_handler<void (), std::map<a, std::operator<< <b> >::operator->(){lambda()#1}>::f"
            + "[abi:cxx11](x)";
        for (int length = 0; length <= Name.Length; length++)
            Assert.True(ShortNames.Shorten(Name[..length]).Length <= length + "<...>".Length);
    }
}
